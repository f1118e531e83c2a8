// SPDX-License-Identifier: Apache-2.0
// Addresses that have no business behind a public name: what IANA's special-purpose registries
// (RFC 6890) call not globally reachable. A public name that leads to one of them is how DNS
// rebinding works. Multicast is not among them: nothing connects to it.
#pragma once

#include <span>
#include <string_view>

#include "filters/address.hpp"

namespace sluice::filters {

struct SpecialPurposeRange {
  std::string_view prefix;
  std::string_view reference;  ///< the RFC that sets it aside
};

/// The table itself, for documentation and tests. None contains another.
std::span<const SpecialPurposeRange> special_purpose_ranges();

/// The same as prefixes, read at first use.
std::span<const Prefix> special_purpose_prefixes();

}  // namespace sluice::filters
