// SPDX-License-Identifier: Apache-2.0
// Short spellings for policies in tests.
#pragma once

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filters/compiler.hpp"
#include "filters/name_set_builder.hpp"

namespace sluice::filters {

inline dns::Name make_name(std::string_view text) {
  return dns::Name::from_text(text).value();
}

inline Rule make_rule(std::string name, Action action,
                      std::initializer_list<std::string_view> domains = {},
                      std::vector<dns::Type> query_types = {}) {
  Rule rule;
  rule.name = std::move(name);
  rule.action = action;
  for (const std::string_view domain : domains) {
    if (!rule.domains.add(domain)) throw std::invalid_argument(std::string(domain));
  }
  rule.query_types = std::move(query_types);
  return rule;
}

inline Filter make_filter(Tier tier, std::string name, std::vector<Rule> rules,
                          std::int32_t priority = 500) {
  Filter filter;
  filter.tier = tier;
  filter.name = std::move(name);
  if (tier == Tier::tenant) filter.namespace_name = "shop";
  filter.rules = std::move(rules);
  filter.priority = priority;
  return filter;
}

inline LabelSelector has_label(std::string key, std::string value) {
  return {{{std::move(key), LabelSelector::Operator::in, {std::move(value)}}}};
}

/// Hands out numbers from 1 on and remembers who got how many.
class SlotLog : public DecisionSlots {
 public:
  struct Block {
    std::string tenant;
    DecisionSlot first;
    std::vector<std::string> names;  ///< `filter/rule` of each
  };

  DecisionSlot block(const std::string& tenant,
                     std::span<const CompiledRule* const> rules) override {
    Block block{tenant, next_, {}};
    for (const CompiledRule* rule : rules)
      block.names.push_back(rule->filter + "/" + rule->name);
    next_ += static_cast<DecisionSlot>(rules.size());
    blocks_.push_back(std::move(block));
    return blocks_.back().first;
  }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

 private:
  DecisionSlot next_ = 1;
  std::vector<Block> blocks_;
};

/// Of all hashes in chains, and so in their lists.
inline constexpr std::uint64_t hash_seed = 42;

struct ListEntry {
  std::string name;
  EntryReach reach = EntryReach::name_and_below;
  EntryAction action = EntryAction::listed;
};

inline std::shared_ptr<const NameSet> make_list(const std::vector<ListEntry>& entries) {
  NameSet::Builder builder(hash_seed);
  for (const ListEntry& entry : entries)
    builder.add(make_name(entry.name), entry.reach, entry.action);
  return std::make_shared<const NameSet>(std::move(builder).finish());
}

/// The rule, with references to ClusterDomainLists.
inline Rule with_lists(Rule rule, std::initializer_list<std::string> names) {
  std::vector<ListKey> lists = rule.lists;
  for (const std::string& name : names)
    lists.push_back({"", name});
  rule.lists = std::move(lists);
  return rule;
}

/// The rule, about addresses in the answer.
inline Rule with_answers(Rule rule, std::initializer_list<std::string_view> prefixes) {
  std::vector<Prefix> answers = rule.answer_prefixes;
  for (const std::string_view prefix : prefixes)
    answers.push_back(Prefix::from_text(prefix).value());
  rule.answer_prefixes = std::move(answers);
  return rule;
}

/// The chain of a workload in namespace shop, where cluster.local is a cluster zone.
inline std::shared_ptr<const Chain> make_chain(std::vector<Filter> filters, NameSets lists = {}) {
  SlotLog slots;
  PolicySet policies;
  policies.filters = Shared<Filter>(std::move(filters));
  Compiler compiler(policies, {{make_name("cluster.local")}, hash_seed, {}, std::move(lists)},
                    slots);
  return compiler.resolve({"shop", {}}).chain;
}

/// `filter/rule` of what decided, or "" for the built-in Allow.
inline std::string decider(const Verdict& verdict) {
  return verdict.rule == nullptr ? "" : verdict.rule->filter + "/" + verdict.rule->name;
}

inline std::vector<std::string> names_of(const DecisionTrail& trail) {
  std::vector<std::string> names;
  for (const auto& entry : trail.entries()) {
    names.push_back(entry.rule->filter + "/" + entry.rule->name);
  }
  return names;
}

}  // namespace sluice::filters
