// SPDX-License-Identifier: Apache-2.0
// Random policies and questions, the same ones for the same seed.
#pragma once

#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/filters/policy_builders.hpp"

namespace sluice::filters {

/// Policies over so few labels, types and priorities that their rules meet all the time.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  std::vector<Filter> filters() {
    std::vector<Filter> filters;
    for (int i = number(0, 7); i > 0; --i)
      filters.push_back(filter("f" + std::to_string(i)));
    return filters;
  }

  std::string domain() {
    std::string text;
    for (int labels = number(1, 4); labels > 0; --labels) {
      if (!text.empty()) text += '.';
      text += pick({"a", "b", "ab", "c"});
    }
    if (number(0, 9) == 0) text += pick({".cluster.local", ".local"});
    return text;
  }

  dns::Type type() {
    return pick({dns::Type::a, dns::Type::aaaa, dns::Type::caa, static_cast<dns::Type>(65399)});
  }

  int number(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }

  template <typename T>
  T pick(std::initializer_list<T> from) {
    return from.begin()[number(0, static_cast<int>(from.size()) - 1)];
  }

 private:
  Filter filter(std::string name) {
    const auto tier = pick({Tier::admin, Tier::tenant, Tier::tenant, Tier::baseline});
    std::vector<Rule> rules;
    for (int i = number(0, 5); i > 0; --i)
      rules.push_back(rule("r" + std::to_string(i)));
    auto filter = make_filter(tier, std::move(name), std::move(rules), number(0, 2));
    if (number(0, 3) == 0) filter.mode = EnforcementMode::audit;
    if (tier != Tier::tenant) return filter;
    filter.default_action = pick({DefaultAction::inherit, DefaultAction::inherit,
                                  DefaultAction::allow, DefaultAction::deny});
    return filter;
  }

  Rule rule(std::string name) {
    Rule rule;
    rule.name = std::move(name);
    rule.action = pick(
        {Action::allow, Action::deny, Action::rewrite, Action::audit, Action::audit, Action::pass});
    for (int i = number(0, 3); i > 0; --i)
      rule.domains.add(pattern());
    if (number(0, 2) != 0) return rule;
    std::vector<dns::Type> types;
    for (int i = number(1, 3); i > 0; --i)
      types.push_back(type());
    rule.query_types = std::move(types);
    return rule;
  }

  std::string pattern() {
    if (number(0, 11) == 0) return "*";
    return pick<std::string>({"", ".", "*."}) + domain();
  }

  std::mt19937 random_;
};

}  // namespace sluice::filters
