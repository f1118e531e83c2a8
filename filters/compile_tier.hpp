// SPDX-License-Identifier: Apache-2.0
// From the filters of one tier that select a client to the rules that judge it.
#pragma once

#include <cstdint>
#include <span>

#include "filters/chain.hpp"
#include "filters/policy.hpp"

namespace sluice::filters {

/// `filters` are of one tier, in the order in which they are asked. The result does not refer to
/// them.
CompiledTier compile_tier(std::span<const Filter* const> filters, std::uint64_t hash_seed);

}  // namespace sluice::filters
