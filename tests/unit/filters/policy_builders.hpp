// SPDX-License-Identifier: Apache-2.0
// Short spellings for policies in tests.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filters/compiler.hpp"

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
    rule.domains.push_back(Pattern::from_text(domain).value());
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

/// The chain of a workload in namespace shop, where cluster.local is a cluster zone.
inline std::shared_ptr<const Chain> make_chain(std::vector<Filter> filters) {
  SlotLog slots;
  PolicySet policies;
  policies.filters = std::move(filters);
  Compiler compiler(std::move(policies), {{make_name("cluster.local")}, 42}, slots);
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
