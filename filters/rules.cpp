// SPDX-License-Identifier: Apache-2.0
#include "filters/rules.hpp"

namespace sluice::filters {

Rules::Rules(std::vector<Rule> rules) : rules_(std::move(rules)) {
  for (const Rule& rule : rules_) {
    totals_.actions.set(static_cast<std::size_t>(rule.action));
    totals_.domains += static_cast<std::uint32_t>(rule.domains.size());
    totals_.patterns += static_cast<std::uint32_t>(rule.patterns.size());
    totals_.has_lists |= !rule.lists.empty();
    totals_.has_schedules |= rule.schedule.is_given();
  }
}

}  // namespace sluice::filters
