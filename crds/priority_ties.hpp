// SPDX-License-Identifier: Apache-2.0
// Filters of one tier and one priority that do different things with the same names. Their names
// decide then, which is well defined and hardly ever meant.
#pragma once

#include <string>
#include <vector>

#include "filters/policy.hpp"

namespace sluice::crds {

/// Two rules of different filters. `second` is asked after `first`.
struct PriorityTie {
  const filters::Filter* first;
  const filters::Filter* second;
  std::size_t first_rule;
  std::size_t second_rule;
};

/// The first tie that each filter has with one before it. Rules with regular expressions, hours or
/// addresses are left out, as are filters that cannot select the same pod. Linear in the number of
/// names.
std::vector<PriorityTie> find_priority_ties(const std::vector<const filters::Filter*>& filters);

/// What is to be said to whoever wrote one of the two.
std::string message_to_first(const PriorityTie& tie);
std::string message_to_second(const PriorityTie& tie);

}  // namespace sluice::crds
