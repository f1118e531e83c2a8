// SPDX-License-Identifier: Apache-2.0
// Rules of a filter that never decide, because one before them always does.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "filters/rule.hpp"

namespace sluice::crds {

/// Rules of one filter, as the schema limits them.
inline constexpr std::size_t max_rules = 64;

/// `by` comes before `rule`, matches all that it matches, and decides. Both are indices.
struct Shadow {
  std::size_t rule;
  std::size_t by;
};

/// Every rule that a single one before it shadows; linear in the number of names. Rules with
/// regular expressions, hours or addresses shadow nothing, because what they match is not known.
std::vector<Shadow> find_shadows(std::span<const filters::Rule> rules);

}  // namespace sluice::crds
