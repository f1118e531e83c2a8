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

std::string full_name(const Filter& filter) {
  return filter.tier == Tier::tenant ? filter.namespace_name + "/" + filter.name : filter.name;
}

/// What all decisions of a filter have in common.
CompiledRule decision_of(const Filter& filter) {
  CompiledRule decision;
  decision.tier = filter.tier;
  decision.filter = full_name(filter);
  decision.mode = filter.mode;
  // RFC 8914 4.18: Filtered is what the client's own side asked for; 4.16: Blocked is not.
  decision.ede = filter.tier == Tier::tenant ? dns::Ede::filtered : dns::Ede::blocked;
  return decision;
}

std::string ede_text(const CompiledRule& decision) {
  const char* kind = decision.tier == Tier::tenant ? "DNSFilter " : "ClusterDNSFilter ";
  const char* what = decision.is_default ? " " : " rule ";
  return shortened(kind + decision.filter + what + decision.name);
}

CompiledRule compile_rule(const Filter& filter, const Rule& rule) {
  CompiledRule decision = decision_of(filter);
  decision.name = rule.name;
  decision.action = rule.action;
  decision.cname_inspection = rule.cname_inspection;
  decision.response = rule.response;
  decision.rewrite = rule.rewrite;
  decision.ede_text = ede_text(decision);
  return decision;
}

CompiledRule compile_default(const Filter& filter) {
  CompiledRule decision = decision_of(filter);
  decision.name = "defaultAction";
  decision.action = filter.default_action == DefaultAction::deny ? Action::deny : Action::allow;
  decision.is_default = true;
  decision.response = filter.default_response;
  decision.ede_text = ede_text(decision);
  return decision;
}

/// A filter on trial has no say in what happens to the queries that no rule matches.
bool has_default(const Filter* filter) {
  return filter->mode == EnforcementMode::enforce &&
         filter->default_action != DefaultAction::inherit;
}

}  // namespace

CompiledTier compile_tier(std::span<const Filter* const> filters, std::uint64_t hash_seed) {
  CompiledTier tier;
  std::vector<RuleIndex::Input> inputs;
  for (const Filter* filter : filters) {
    for (const Rule& rule : filter->rules) {
      tier.rules.push_back(compile_rule(*filter, rule));
      inputs.push_back({rule.domains, rule.query_types, !tier.rules.back().only_audits()});
    }
  }
  tier.index = RuleIndex::build(inputs, hash_seed);

  const auto decider = std::find_if(filters.begin(), filters.end(), has_default);
  if (decider != filters.end()) tier.default_action = compile_default(**decider);
  return tier;
}

}  // namespace sluice::filters
