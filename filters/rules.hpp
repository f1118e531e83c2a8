// SPDX-License-Identifier: Apache-2.0
// The rules of one filter, and what they come to together: of a cluster's hundred thousand rules
// few have a list or a schedule, and after every edit somebody asks for those.
#pragma once

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "filters/rule.hpp"

namespace sluice::filters {

/// Of all rules of a filter.
struct RuleTotals {
  std::bitset<action_count> actions;  ///< by the number of Action
  std::uint32_t domains = 0;
  std::uint32_t patterns = 0;
  bool has_lists = false;
  bool has_schedules = false;
};

/// Reads as a vector of rules; never changes, but as a whole.
class Rules {
 public:
  Rules() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is one
  Rules(std::vector<Rule> rules);
  Rules(std::initializer_list<Rule> rules) : Rules(std::vector<Rule>(rules)) {}

  [[nodiscard]] const RuleTotals& totals() const { return totals_; }

  [[nodiscard]] auto begin() const { return rules_.begin(); }
  [[nodiscard]] auto end() const { return rules_.end(); }
  [[nodiscard]] std::size_t size() const { return rules_.size(); }
  [[nodiscard]] bool empty() const { return rules_.empty(); }
  [[nodiscard]] const Rule& operator[](std::size_t position) const { return rules_[position]; }
  [[nodiscard]] const Rule& at(std::size_t position) const { return rules_.at(position); }

 private:
  std::vector<Rule> rules_;
  RuleTotals totals_;
};

}  // namespace sluice::filters
