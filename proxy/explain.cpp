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

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  if (result.size() < width) result.append(width - result.size(), ' ');
  return result;
}

std::size_t widest(const json::array& rules, std::string_view key) {
  std::size_t width = 0;
  for (const auto& rule : rules)
    width = std::max(width, rule.at(key).as_string().size());
  return width;
}

std::string rules_text(const json::array& rules) {
  static constexpr std::array<std::string_view, 4> columns{"tier", "filter", "rule", "action"};
  std::string text;
  for (const auto& rule : rules) {
    text += rule.at("outcome").as_string() == "decides" ? "> " : "  ";
    for (const std::string_view column : columns)
      text += padded(rule.at(column).as_string(), widest(rules, column) + 2);
    text += std::string_view(rule.at("outcome").as_string());
    const auto& reason = rule.at("reason").as_string();
    text += reason.empty() ? "\n" : ": " + std::string(reason) + '\n';
  }
  return text;
}

std::string answer_text(const json::object& report) {
  const auto& answer = report.at("answer").as_object();
  std::string text;
  if (const auto* response = answer.if_contains("response")) {
    text = "answer: " + std::string(response->as_string()) + ", EDE " +
           std::to_string(answer.at("ede").as_int64()) + " (" +
           std::string(answer.at("edeText").as_string()) + ")\n";
  }
  if (const auto* name = answer.if_contains("canonicalName"))
    text += "answer: the records of " + std::string(name->as_string()) + '\n';
  if (const auto* addresses = answer.if_contains("addresses"))
    text += "answer: " + json::serialize(*addresses) + '\n';
  if (const auto* upstream = report.if_contains("afterwards")) {
    const auto& afterwards = upstream->as_object();
    const auto& name = afterwards.at("upstream").as_string();
    text +=
        "forwarded to: " + (name.empty() ? "the default upstream" : std::string(name)) +
        "; aliases in the answer: " + std::string(afterwards.at("cnameInspection").as_string()) +
        '\n';
    for (const auto& rule : afterwards.at("rulesOnAddresses").as_array())
      text += "its addresses are judged by: " + std::string(rule.as_string()) + '\n';
  }
  return text;
}

/// "key=value", separated by commas.
std::optional<filters::Labels> parse_labels(std::string_view text) {
  filters::Labels labels;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals == pair.npos || equals == 0) return std::nullopt;
    labels[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
  }
  return labels;
}

}  // namespace

boost::system::result<ExplainRequest, std::string> make_explain_request(const ExplainTexts& texts) {
  if (texts.namespace_name.empty()) return "`namespace` is missing: whose query is it?";
  const auto labels = parse_labels(texts.pod_labels);
  if (!labels)
    return "`podLabels` must be like app=web,tier=front; found '" + texts.pod_labels + "'";
  auto name = dns::Name::from_text(texts.name);
  if (texts.name.empty() || !name)
    return "`name` must be a domain name; found '" + texts.name + "'";
  name->lower();
  const auto type = texts.type.empty() ? dns::Type::a : dns::type_from_text(texts.type);
  if (!type) return "`type` must be a query type such as AAAA; found '" + texts.type + "'";
  return ExplainRequest{{texts.namespace_name, *labels}, *name, *type};
}

json::object explain(const ExplainRequest& request, const ExplainSources& sources) {
  filters::NoSlots slots;
  filters::Compiler compiler(sources.policies, sources.options, slots);
  const auto client = compiler.resolve(request.workload);
  const auto explanation = filters::explain(*client.chain, request.name, request.type);
  const filters::Verdict& verdict = explanation.verdict;
  json::object report;
  report["tenant"] = client.tenant;
  report["namespace"] = request.workload.namespace_name;
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
  const dns::NameView resolved =
      rewrite == nullptr ? request.name.view() : rewrite->canonical_name->view();
  report["afterwards"] =
      afterwards_report(client, explanation, resolved, sources.options.cluster_zones);
  return report;
}

std::string explanation_text(const json::object& report) {
  const auto text_of = [&](std::string_view key) {
    return std::string(report.at(key).as_string());
  };
  std::string text = text_of("name") + ' ' + text_of("type") + " asked from namespace " +
                     text_of("namespace") + " (tenant " + text_of("tenant") +
                     "): " + text_of("action") + "\n\n";
  const auto& rules = report.at("rules").as_array();
  text += rules_text(rules);
  const bool is_decided = std::any_of(rules.begin(), rules.end(), [](const json::value& rule) {
    return rule.at("outcome").as_string() == "decides";
  });
  if (!is_decided) text += "> nothing decides: allowed\n";
  return text + '\n' + answer_text(report);
}

}  // namespace sluice::proxy
