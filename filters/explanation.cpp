// SPDX-License-Identifier: Apache-2.0
#include "filters/explanation.hpp"

#include <algorithm>

#include "filters/conditions.hpp"

namespace sluice::filters {
namespace {

/// The rules of a tier that match a question, by position.
std::vector<bool> matching_rules(const CompiledTier& tier, dns::NameView name, dns::Type type) {
  const SuffixHashes suffixes(name, dns::max_labels, tier.index.seed());
  ConditionedQuestion conditioned(suffixes, tier.lists);
  std::vector<bool> matching(tier.rules.size());
  auto matches = tier.index.match(suffixes, type);
  while (const auto match = matches.next()) {
    const auto& conditions = tier.rules[match->rule].conditions;
    matching[match->rule] =
        match->is_certain || (conditions && conditioned.match(*conditions).has_value());
  }
  return matching;
}

RuleOutcome outcome_of(const CompiledRule& rule) {
  if (rule.conditions && rule.conditions->waits_for_answer()) return RuleOutcome::waits;
  if (rule.only_audits()) return RuleOutcome::audits;
  return rule.action == Action::pass ? RuleOutcome::passes : RuleOutcome::decides;
}

void explain_tier(const Chain::Part& part, dns::NameView name, dns::Type type,
                  Explanation& explanation) {
  const CompiledTier& tier = *part.tier;
  const auto matching = matching_rules(tier, name, type);
  const Verdict& verdict = explanation.verdict;
  const auto& told = explanation.rules;
  bool is_over = std::any_of(told.begin(), told.end(), [](const ExplainedRule& rule) {
    return rule.outcome == RuleOutcome::decides;
  });
  std::optional<std::uint32_t> finished_trial;
  for (std::size_t i = 0; i < tier.rules.size(); ++i) {
    const CompiledRule& rule = tier.rules[i];
    RuleOutcome outcome = RuleOutcome::no_match;
    if (is_over || rule.filter_number == finished_trial) {
      outcome = RuleOutcome::not_reached;
    } else if (matching[i]) {
      outcome = outcome_of(rule);
    }
    if (outcome == RuleOutcome::audits && rule.ends_trial()) finished_trial = rule.filter_number;
    is_over = is_over || outcome == RuleOutcome::decides || outcome == RuleOutcome::passes;
    explanation.rules.push_back({&rule, outcome});
  }
  if (!tier.default_action) return;
  const bool decides = verdict.rule == &*tier.default_action;
  explanation.rules.push_back({&*tier.default_action, decides ? RuleOutcome::decides
                                                              : (is_over ? RuleOutcome::not_reached
                                                                         : RuleOutcome::no_match)});
}

bool matches(Pattern pattern, dns::NameView name) {
  return name.is_within(pattern.name) && (name == pattern.name ? pattern.apex : pattern.below);
}

std::string to_text(Pattern pattern) {
  std::string name = dns::to_text(pattern.name);
  if (name == ".") return "*";
  name.pop_back();
  if (pattern.apex && pattern.below) return '.' + name;
  return pattern.below ? "*." + name : name;
}

bool has_name(const NameSets& lists, const ListKey& key, dns::NameView name) {
  const auto found = lists.find(key);
  if (found == lists.end()) return false;
  const SuffixHashes suffixes(name, dns::max_labels, found->second->seed());
  return found->second->find(suffixes).has_value();
}

}  // namespace

Explanation explain(const Chain& chain, dns::NameView name, dns::Type type) {
  Explanation explanation;
  DecisionTrail trail;
  explanation.verdict = chain.judge(name, type, trail);
  for (const Chain::Part& part : chain.parts()) {
    if (part.tier) explain_tier(part, name, type, explanation);
  }
  return explanation;
}

std::string matcher_of(const Rule& rule, dns::NameView name, const NameSets& lists) {
  for (const Pattern pattern : rule.domains) {
    if (matches(pattern, name)) return "domain " + to_text(pattern);
  }
  const PatternText text(name);
  for (const std::string& expression : rule.patterns) {
    const auto pattern = NamePattern::compile(expression);
    if (pattern && pattern->matches(text.view())) return "pattern " + expression;
  }
  for (const ListKey& key : rule.lists) {
    if (!has_name(lists, key, name)) continue;
    return (key.namespace_name.empty() ? "ClusterDomainList " : "DomainList ") + key.name;
  }
  const bool is_for_all = rule.domains.empty() && rule.patterns.empty() && rule.lists.empty();
  return is_for_all ? "every name" : "";
}

}  // namespace sluice::filters
