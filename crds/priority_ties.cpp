// SPDX-License-Identifier: Apache-2.0
#include "crds/priority_ties.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>

namespace sluice::crds {
namespace {

using filters::Filter;
using filters::LabelSelector;
using filters::Rule;

/// Of each name no more are kept: what overlaps with many is found with one of them.
constexpr std::ptrdiff_t max_uses = 8;

template <typename Values>
bool have_common(const Values& left, const Values& right) {
  return std::find_first_of(left.begin(), left.end(), right.begin(), right.end()) != left.end();
}

/// Two selectors that ask for different values of one label.
bool are_disjoint(const LabelSelector& left, const LabelSelector& right) {
  for (const auto& a : left.requirements) {
    for (const auto& b : right.requirements) {
      const bool are_in = a.op == LabelSelector::Operator::in && b.op == a.op;
      if (are_in && a.key == b.key && !have_common(a.values, b.values)) return true;
    }
  }
  return false;
}

bool are_disjoint(const std::optional<LabelSelector>& left,
                  const std::optional<LabelSelector>& right) {
  return left && right && are_disjoint(*left, *right);
}

bool are_disjoint(const Filter& left, const Filter& right) {
  const auto& a = left.subject;
  const auto& b = right.subject;
  const bool name_tenants = !a.tenant_names.empty() && !b.tenant_names.empty();
  return (name_tenants && !have_common(a.tenant_names, b.tenant_names)) ||
         are_disjoint(a.namespace_selector, b.namespace_selector) ||
         are_disjoint(a.pod_selector, b.pod_selector) ||
         are_disjoint(left.pod_selector, right.pod_selector);
}

bool is_plain(const Rule& rule) {
  return rule.action != filters::Action::audit && rule.patterns.empty() &&
         !rule.schedule.is_given() && rule.answer_prefixes.empty();
}

/// Where a name is used, or something below it.
struct Use {
  const Filter* filter;
  std::size_t rule;
  bool apex;
  bool below;
  bool inside = false;  ///< the name that is used lies below this one
};

/// The rules of filters of one tier and priority, by the names that they match.
class Group {
 public:
  /// Adds a filter; returns the first overlap with one that was added before.
  std::optional<PriorityTie> add(const Filter& filter) {
    std::optional<PriorityTie> tie;
    for (std::size_t i = 0; i < filter.rules.size() && !tie; ++i) {
      if (is_plain(filter.rules[i])) tie = find(filter, i);
    }
    for (std::size_t i = 0; i < filter.rules.size(); ++i) {
      if (is_plain(filter.rules[i])) note(filter, i);
    }
    return tie;
  }

 private:
  using Uses = std::vector<Use>;

  static std::string key_of(dns::NameView name) { return {name.wire().begin(), name.wire().end()}; }

  static std::optional<PriorityTie> conflict(const Use& mine, const Uses& others,
                                             bool is_ancestor) {
    const Rule& rule = mine.filter->rules[mine.rule];
    for (const Use& use : others) {
      const Rule& other = use.filter->rules[use.rule];
      const bool overlap =
          is_ancestor ? use.below
                      : (mine.apex && use.apex) || (mine.below && (use.below || use.inside));
      const bool share_types = rule.query_types.empty() || other.query_types.empty() ||
                               have_common(rule.query_types, other.query_types);
      if (overlap && share_types && rule.action != other.action &&
          !are_disjoint(*mine.filter, *use.filter))
        return PriorityTie{use.filter, mine.filter, use.rule, mine.rule};
    }
    return std::nullopt;
  }

  [[nodiscard]] const Uses& uses_of(dns::NameView name) const {
    static const Uses none;
    const auto found = names_.find(key_of(name));
    return found == names_.end() ? none : found->second;
  }

  [[nodiscard]] std::optional<PriorityTie> find(const Use& mine, dns::NameView name) const {
    auto tie = conflict(mine, uses_of(name), false);
    while (!tie && !name.is_root()) {
      name = name.parent();
      tie = conflict(mine, uses_of(name), true);
    }
    return tie;
  }

  [[nodiscard]] std::optional<PriorityTie> find(const Filter& filter, std::size_t index) const {
    const Rule& rule = filter.rules[index];
    if (rule.domains.empty() && rule.lists.empty())
      return find({&filter, index, true, true}, dns::NameView());
    for (const filters::Pattern pattern : rule.domains) {
      auto tie = find({&filter, index, pattern.apex, pattern.below}, pattern.name);
      if (tie) return tie;
    }
    for (const filters::ListKey& list : rule.lists) {
      const auto uses = lists_.find(list);
      if (uses == lists_.end()) continue;
      auto tie = conflict({&filter, index, true, true}, uses->second, false);
      if (tie) return tie;
    }
    return std::nullopt;
  }

  /// What lies inside does not displace what is there for itself.
  static void note(Uses& uses, const Use& use) {
    const auto equals = std::ranges::count(uses, use.inside, &Use::inside);
    if (equals < max_uses) uses.push_back(use);
  }

  void note(const Use& use, dns::NameView name) {
    note(names_[key_of(name)], use);
    while (!name.is_root()) {
      name = name.parent();
      note(names_[key_of(name)], {use.filter, use.rule, false, false, true});
    }
  }

  void note(const Filter& filter, std::size_t index) {
    const Rule& rule = filter.rules[index];
    if (rule.domains.empty() && rule.lists.empty())
      note({&filter, index, true, true}, dns::NameView());
    for (const filters::Pattern pattern : rule.domains) {
      note({&filter, index, pattern.apex, pattern.below}, pattern.name);
    }
    for (const filters::ListKey& list : rule.lists) {
      note(lists_[list], {&filter, index, true, true});
    }
  }

  std::unordered_map<std::string, Uses> names_;
  std::map<filters::ListKey, Uses> lists_;
};

std::string message_about(const Filter& other, std::size_t rule, const PriorityTie& tie) {
  return "matches names that rule '" + other.rules[rule].name + "' of '" + other.name +
         "' treats differently, and both filters have priority " + std::to_string(other.priority) +
         ": '" + tie.first->name + "' decides because of its name; give them different priorities";
}

}  // namespace

std::vector<PriorityTie> find_priority_ties(const std::vector<const Filter*>& filters) {
  using Key = std::tuple<filters::Tier, std::string, std::int32_t>;
  std::map<Key, std::vector<const Filter*>> by_priority;
  for (const Filter* filter : filters) {
    const bool decides = !filter->is_broken && filter->mode == filters::EnforcementMode::enforce;
    if (decides)
      by_priority[{filter->tier, filter->namespace_name, filter->priority}].push_back(filter);
  }
  std::vector<PriorityTie> ties;
  for (auto& [key, equals] : by_priority) {
    if (equals.size() < 2) continue;
    std::ranges::sort(equals, {}, &Filter::name);
    Group group;
    for (const Filter* filter : equals) {
      if (const auto tie = group.add(*filter)) ties.push_back(*tie);
    }
  }
  return ties;
}

std::string message_to_first(const PriorityTie& tie) {
  return message_about(*tie.second, tie.second_rule, tie);
}

std::string message_to_second(const PriorityTie& tie) {
  return message_about(*tie.first, tie.first_rule, tie);
}

}  // namespace sluice::crds
