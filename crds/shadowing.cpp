// SPDX-License-Identifier: Apache-2.0
#include "crds/shadowing.hpp"

#include <algorithm>
#include <bitset>
#include <cassert>
#include <map>
#include <string>
#include <unordered_map>

namespace sluice::crds {
namespace {

using filters::Action;
using filters::Rule;
using RuleSet = std::bitset<max_rules>;

std::string key_of(dns::NameView name) {
  return {name.wire().begin(), name.wire().end()};
}

/// What the rules seen so far match.
class Coverage {
 public:
  void add(const Rule& rule, std::size_t index) {
    if (rule.domains.empty() && rule.lists.empty()) everything_.set(index);
    for (const filters::Pattern pattern : rule.domains) {
      Names& names = names_[key_of(pattern.name)];
      if (pattern.apex) names.apex.set(index);
      if (pattern.below) names.below.set(index);
    }
    for (const filters::ListKey& list : rule.lists) {
      lists_[list].set(index);
    }
  }

  /// The rules that match every name that this one does.
  [[nodiscard]] RuleSet covering(const Rule& rule) const {
    const RuleSet anything = everything_ | below(dns::NameView());
    const bool has_names = !rule.domains.empty() || !rule.lists.empty();
    RuleSet rules = has_names && rule.patterns.empty() ? ~RuleSet() : anything;
    for (const filters::Pattern pattern : rule.domains) {
      rules &= covering(pattern) | anything;
    }
    for (const filters::ListKey& list : rule.lists) {
      const auto found = lists_.find(list);
      rules &= (found == lists_.end() ? RuleSet() : found->second) | anything;
    }
    return rules;
  }

 private:
  struct Names {
    RuleSet apex;
    RuleSet below;
  };

  [[nodiscard]] RuleSet below(dns::NameView name) const {
    const auto found = names_.find(key_of(name));
    return found == names_.end() ? RuleSet() : found->second.below;
  }

  [[nodiscard]] RuleSet covering(filters::Pattern pattern) const {
    const auto found = names_.find(key_of(pattern.name));
    RuleSet rules = ~RuleSet();
    if (pattern.apex) rules &= found == names_.end() ? RuleSet() : found->second.apex;
    if (pattern.below) rules &= found == names_.end() ? RuleSet() : found->second.below;
    for (dns::NameView name = pattern.name; !name.is_root();) {
      name = name.parent();
      rules |= below(name);
    }
    return rules;
  }

  std::unordered_map<std::string, Names> names_;
  std::map<filters::ListKey, RuleSet> lists_;
  RuleSet everything_;
};

bool can_shadow(const Rule& rule) {
  return rule.action != Action::audit && rule.patterns.empty() && !rule.schedule.is_given() &&
         rule.answer_prefixes.empty();
}

bool covers_types(const Rule& by, const Rule& rule) {
  if (by.query_types.empty()) return true;
  return !rule.query_types.empty() &&
         std::all_of(rule.query_types.begin(), rule.query_types.end(), [&by](dns::Type type) {
           return std::find(by.query_types.begin(), by.query_types.end(), type) !=
                  by.query_types.end();
         });
}

}  // namespace

std::vector<Shadow> find_shadows(std::span<const Rule> rules) {
  assert(rules.size() <= max_rules);
  std::vector<Shadow> shadows;
  Coverage coverage;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RuleSet covering = coverage.covering(rules[i]);
    for (std::size_t by = 0; by < i; ++by) {
      // What is allowed is still looked at when the answer comes.
      const bool waits_for_answer =
          !rules[i].answer_prefixes.empty() && rules[by].action == Action::allow;
      if (!covering[by] || waits_for_answer || !covers_types(rules[by], rules[i])) continue;
      shadows.push_back({i, by});
      break;
    }
    if (can_shadow(rules[i])) coverage.add(rules[i], i);
  }
  return shadows;
}

}  // namespace sluice::crds
