// SPDX-License-Identifier: Apache-2.0
// From the filters of one tier that select a client to the rules that judge it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "filters/chain.hpp"
#include "filters/policy.hpp"
#include "filters/schedule.hpp"

namespace sluice::filters {

/// What verdicts, metrics and EDE texts call a filter: `namespace/name` of a DNSFilter, `name` of a
/// ClusterDNSFilter.
std::string full_name(const Filter& filter);

/// What a tier is compiled for.
struct TierOptions {
  std::uint64_t hash_seed = 0;
  WallTime now;           ///< rules outside their schedule are left out
  const NameSets& lists;  ///< has every list that the filters refer to
};

/// `filters` are of one tier, in the order in which they are asked; broken ones act as if their
/// default action were Deny. The result does not refer to them.
CompiledTier compile_tier(std::span<const Shared<Filter>::Pointer> filters,
                          const TierOptions& options);

}  // namespace sluice::filters
