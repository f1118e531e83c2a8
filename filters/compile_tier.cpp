// SPDX-License-Identifier: Apache-2.0
#include "filters/compile_tier.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sluice::filters {
namespace {

/// Room enough to name a filter and a rule, and little in an answer that has to fit a datagram.
constexpr std::size_t max_ede_text_size = 200;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Cuts between characters: EXTRA-TEXT must be UTF-8 (RFC 8914 2).
std::string shortened(std::string text) {
  if (text.size() <= max_ede_text_size) return text;
  std::size_t size = max_ede_text_size;
  while (size > 0 && is_continuation(text[size]))
    --size;
  text.resize(size);
  return text;
}

/// What all decisions of a filter have in common.
CompiledRule decision_of(const Filter& filter) {
  CompiledRule decision;
  decision.tier = filter.tier;
  decision.filter = full_name(filter);
  decision.mode = filter.is_broken ? EnforcementMode::enforce : filter.mode;
  decision.logging = filter.logging;
  // RFC 8914 4.18: Filtered is what the client's own side asked for; 4.16: Blocked is not.
  decision.ede = filter.tier == Tier::tenant ? dns::Ede::filtered : dns::Ede::blocked;
  return decision;
}

std::string ede_text(const CompiledRule& decision) {
  const char* kind = decision.tier == Tier::tenant ? "DNSFilter " : "ClusterDNSFilter ";
  const char* what = decision.is_default ? " " : " rule ";
  return shortened(kind + decision.filter + what + decision.name);
}

/// Position of a list among those of the tier, where each stands once.
std::uint32_t position_of(const std::shared_ptr<const NameSet>& list, CompiledTier& tier) {
  const auto found = std::find(tier.lists.begin(), tier.lists.end(), list);
  const auto position = static_cast<std::uint32_t>(found - tier.lists.begin());
  if (found == tier.lists.end()) tier.lists.push_back(list);
  return position;
}

std::shared_ptr<const RuleConditions> compile_conditions(const Rule& rule, const NameSets& lists,
                                                         CompiledTier& tier) {
  if (rule.patterns.empty() && rule.lists.empty() && rule.answer_prefixes.empty()) return nullptr;
  RuleConditions conditions;
  conditions.answer_prefixes = rule.answer_prefixes;
  for (const std::string& expression : rule.patterns) {
    // Whoever made the rule has seen to it that they compile.
    if (auto pattern = NamePattern::compile(expression))
      conditions.patterns.push_back(std::move(*pattern));
  }
  for (const ListKey& key : rule.lists) {
    const auto& list = lists.at(key);
    conditions.lists.push_back(position_of(list, tier));
    conditions.lists_have_addresses |= list->has_addresses();
  }
  return std::make_shared<const RuleConditions>(std::move(conditions));
}

/// Whether nothing behind the rule is asked of a name that its domains match.
bool ends_walk(const CompiledRule& rule) {
  return !rule.only_audits() && !(rule.conditions && rule.conditions->waits_for_answer());
}

CompiledRule compile_rule(const Filter& filter, const Rule& rule) {
  CompiledRule decision = decision_of(filter);
  decision.name = rule.name;
  decision.action = rule.action;
  decision.cname_inspection = rule.cname_inspection;
  decision.has_response = rule.response.is_given();
  decision.response = *rule.response;
  decision.rewrite = *rule.rewrite;
  decision.ede_text = ede_text(decision);
  return decision;
}

CompiledRule compile_default(const Filter& filter) {
  CompiledRule decision = decision_of(filter);
  decision.name = filter.is_broken ? "failureMode" : "defaultAction";
  const bool denies = filter.is_broken || filter.default_action == DefaultAction::deny;
  decision.action = denies ? Action::deny : Action::allow;
  decision.is_default = true;
  decision.response = filter.default_response;
  decision.ede_text = ede_text(decision);
  return decision;
}

/// A filter on trial has no say in what happens to the queries that no rule matches.
bool has_default(const Shared<Filter>::Pointer& filter) {
  return filter->is_broken || (filter->mode == EnforcementMode::enforce &&
                               filter->default_action != DefaultAction::inherit);
}

}  // namespace

std::string full_name(const Filter& filter) {
  return filter.tier == Tier::tenant ? filter.namespace_name + "/" + filter.name : filter.name;
}

CompiledTier compile_tier(std::span<const Shared<Filter>::Pointer> filters,
                          const TierOptions& options) {
  CompiledTier tier;
  std::vector<RuleIndex::Input> inputs;
  std::uint32_t filter_number = 0;
  for (const auto& filter : filters) {
    ++filter_number;
    tier.logging = std::max(tier.logging, filter->logging);
    for (const Rule& rule : filter->rules) {
      if (rule.schedule.is_given() && !is_active(*rule.schedule, options.now)) continue;
      CompiledRule& decision = tier.rules.emplace_back(compile_rule(*filter, rule));
      decision.filter_number = filter_number;
      decision.conditions = compile_conditions(rule, options.lists, tier);
      inputs.push_back({.domains = rule.domains,
                        .query_types = rule.query_types,
                        .ends_walk = ends_walk(decision),
                        .has_conditions = !rule.patterns.empty() || !rule.lists.empty()});
    }
  }
  tier.index = RuleIndex::build(inputs, options.hash_seed);

  const auto decider = std::find_if(filters.begin(), filters.end(), has_default);
  if (decider != filters.end()) tier.default_action = compile_default(**decider);
  return tier;
}

}  // namespace sluice::filters
