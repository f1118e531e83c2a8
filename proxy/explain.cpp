// SPDX-License-Identifier: Apache-2.0
#include "proxy/explain.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "filters/compile_tier.hpp"
#include "filters/explanation.hpp"
#include "filters/no_slots.hpp"
#include "proxy/words.hpp"

namespace sluice::proxy {
namespace {

namespace json = boost::json;
using filters::Action;
using filters::RuleOutcome;

constexpr std::array<std::string_view, 3> tiers{"Admin", "Tenant", "Baseline"};
constexpr std::array<std::string_view, 6> action_words{"Allow", "Deny", "Rewrite",
                                                       "Audit", "Pass", "Strip"};
constexpr std::array<std::string_view, 6> outcomes{"no match", "decides", "audits",
                                                   "passes",   "waits",   "not reached"};
constexpr std::array<std::string_view, 4> response_types{"NXDOMAIN", "NODATA", "REFUSED",
                                                         "Sinkhole"};

template <typename Words, typename Enum>
std::string_view word_of(const Words& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

/// The rule as it was written. Null for defaults.
const filters::Rule* find_rule(const filters::PolicySet& policies,
                               const filters::CompiledRule& compiled) {
  for (const filters::Filter& filter : policies.filters) {
    if (filter.tier != compiled.tier || filters::full_name(filter) != compiled.filter) continue;
    const auto rule = std::find_if(filter.rules.begin(), filter.rules.end(),
                                   [&](const auto& one) { return one.name == compiled.name; });
    return rule == filter.rules.end() ? nullptr : &*rule;
  }
  return nullptr;
}

/// Why the rule did what it did, in a few words.
std::string reason_of(const filters::ExplainedRule& explained, const ExplainRequest& request,
                      const ExplainSources& sources) {
  if (explained.outcome == RuleOutcome::no_match || explained.outcome == RuleOutcome::not_reached)
    return {};
  if (explained.rule->is_default) return "no rule before it decided";
  const auto* rule = find_rule(sources.policies, *explained.rule);
  std::string reason =
      rule == nullptr ? "" : filters::matcher_of(*rule, request.name, sources.options.lists);
  if (explained.rule->mode == filters::EnforcementMode::audit) reason += "; the filter is on trial";
  return reason;
}

json::object rule_report(const filters::ExplainedRule& explained, const ExplainRequest& request,
                         const ExplainSources& sources) {
  const filters::CompiledRule& rule = *explained.rule;
  json::object report;
  report["tier"] = word_of(tiers, rule.tier);
  report["filter"] = rule.filter;
  report["rule"] = rule.name;
  report["action"] = word_of(action_words, rule.action);
  report["outcome"] = word_of(outcomes, explained.outcome);
  report["reason"] = reason_of(explained, request, sources);
  return report;
}

/// What the client is told by policy alone.
json::object answer_report(const filters::Verdict& verdict) {
  json::object answer;
  if (verdict.action == Action::deny) {
    const filters::Response response = verdict.response();
    answer["response"] = verdict.drops() ? "no answer" : word_of(response_types, response.type);
    answer["ttlSeconds"] = response.ttl_seconds;
    answer["ede"] = static_cast<int>(verdict.rule->ede);
    answer["edeText"] = verdict.rule->ede_text;
  }
  if (const filters::Rewrite* rewrite = verdict.rewrite()) {
    if (rewrite->canonical_name) answer["canonicalName"] = dns::to_text(*rewrite->canonical_name);
    json::array addresses;
    for (const auto& address : rewrite->addresses)
      addresses.emplace_back(filters::to_text(address));
    if (!addresses.empty()) answer["addresses"] = std::move(addresses);
  }
  return answer;
}

/// What would happen to the answer of an upstream.
json::object afterwards_report(const filters::Compiler::Resolved& client,
                               const filters::Explanation& explanation, dns::NameView resolved,
                               const std::vector<dns::Name>& cluster_zones) {
  const filters::Verdict& verdict = explanation.verdict;
  const filters::Tenant& tenant = *client.definition;
  json::object report;
  const bool trusts =
      !verdict.by_default() && verdict.rule->cname_inspection == filters::CnameInspection::trust;
  report["cnameInspection"] = trusts ? "Trust" : "Inspect";
  const auto zone = std::max_element(
      tenant.resolution.zones.begin(), tenant.resolution.zones.end(),
      [&](const auto& left, const auto& right) {
        const auto depth = [&](const filters::ZoneUpstream& one) {
          return resolved.is_within(one.zone) ? one.zone.view().label_count() + 1 : 0;
        };
        return depth(left) < depth(right);
      });
  const bool has_zone = zone != tenant.resolution.zones.end() && resolved.is_within(zone->zone);
  report["upstream"] = has_zone ? zone->upstream_name : tenant.resolution.upstream_name;
  const bool is_exempt = std::any_of(cluster_zones.begin(), cluster_zones.end(),
                                     [&](const dns::Name& one) { return resolved.is_within(one); });
  json::array waiting;
  for (const auto& [rule, outcome] : explanation.rules) {
    if (outcome == RuleOutcome::waits && !is_exempt)
      waiting.emplace_back(rule->filter + '/' + rule->name);
  }
  report["rulesOnAddresses"] = std::move(waiting);
  return report;
}

}  // namespace

json::object explain(const FoundClient& client, const ExplainRequest& request,
                     const ExplainSources& sources) {
  filters::NoSlots slots;
  filters::Compiler compiler(sources.policies, sources.options, slots);
  const auto resolved = compiler.resolve(client.workload);
  const auto explanation = filters::explain(*resolved.chain, request.name, request.type);
  const filters::Verdict& verdict = explanation.verdict;
  json::object report;
  report["tenant"] = resolved.tenant;
  report["namespace"] = client.workload.namespace_name;
  if (!client.identity.empty()) report["client"] = client.identity;
  report["name"] = dns::to_text(request.name);
  report["type"] = dns::to_text(request.type);
  report["action"] = word_of(action_words, verdict.action);
  json::array rules;
  for (const auto& rule : explanation.rules)
    rules.emplace_back(rule_report(rule, request, sources));
  report["rules"] = std::move(rules);
  report["answer"] = answer_report(verdict);
  const filters::Rewrite* rewrite = verdict.rewrite();
  const bool is_resolved =
      rewrite == nullptr ? verdict.action != Action::deny : rewrite->canonical_name.has_value();
  if (!is_resolved) return report;
  const dns::NameView name =
      rewrite == nullptr ? request.name.view() : rewrite->canonical_name->view();
  report["afterwards"] =
      afterwards_report(resolved, explanation, name, sources.options.cluster_zones);
  return report;
}

}  // namespace sluice::proxy
