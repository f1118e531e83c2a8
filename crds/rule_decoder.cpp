// SPDX-License-Identifier: Apache-2.0
#include "crds/rule_decoder.hpp"

#include <map>

#include "crds/enumeration.hpp"
#include "crds/matcher_decoder.hpp"
#include "crds/rewrite_cycles.hpp"

namespace sluice::crds {
namespace {

using filters::Action;
using filters::CnameInspection;
using filters::EnforcementMode;
using filters::QueryLogging;
using filters::ResponseType;

constexpr std::array actions = {
    Word{"Allow", Action::allow}, Word{"Deny", Action::deny},   Word{"Rewrite", Action::rewrite},
    Word{"Audit", Action::audit}, Word{"Strip", Action::strip}, Word{"Pass", Action::pass},
};
constexpr std::array inspections = {
    Word{"Inspect", CnameInspection::inspect},
    Word{"Trust", CnameInspection::trust},
};
constexpr std::array response_types = {
    Word{"NXDOMAIN", ResponseType::nxdomain},
    Word{"NODATA", ResponseType::nodata},
    Word{"REFUSED", ResponseType::refused},
    Word{"Sinkhole", ResponseType::sinkhole},
};
constexpr std::array modes = {
    Word{"Enforce", EnforcementMode::enforce},
    Word{"Audit", EnforcementMode::audit},
};
constexpr std::array loggings = {
    Word{"None", QueryLogging::none},
    Word{"Denied", QueryLogging::denied},
    Word{"All", QueryLogging::all},
};

std::uint32_t decode_ttl(const Field& field) {
  return static_cast<std::uint32_t>(field.integer().value_or(0));
}

std::optional<filters::Address> decode_address(const Field& field) {
  const auto text = field.text();
  return text ? filters::Address::from_text(*text) : std::nullopt;
}

filters::Rewrite decode_rewrite(const Field& field) {
  filters::Rewrite rewrite;
  const Field canonical_name = field.child("canonicalName");
  const Field addresses = field.child("addresses");
  if (field.node().is_mapping() && canonical_name.is_defined() == addresses.is_defined())
    field.reject("must have exactly one of `canonicalName` and `addresses`");
  rewrite.canonical_name = decode_name(canonical_name);
  for (const Field& item : addresses.items()) {
    if (const auto address = decode_address(item)) rewrite.addresses.push_back(*address);
  }
  rewrite.ttl_seconds = decode_ttl(field.child("ttlSeconds"));
  return rewrite;
}

void decode_sinkhole(const Field& field, filters::Response& response) {
  const Field ipv4 = field.child("ipv4Address");
  const Field ipv6 = field.child("ipv6Address");
  if (field.node().is_mapping() && !ipv4.is_defined() && !ipv6.is_defined())
    field.reject("must have `ipv4Address` or `ipv6Address`");
  response.sinkhole_ipv4 = decode_address(ipv4);
  response.sinkhole_ipv6 = decode_address(ipv6);
}

/// What the action asks for and what it forbids.
void check_action(const Field& rule, Action action) {
  const Field response = rule.child("response");
  if (action != Action::deny && response.is_defined())
    response.reject("`response` must not be set unless `action` is 'Deny'");
  if ((action == Action::rewrite) != rule.child("rewrite").is_defined())
    rule.reject("must have `rewrite` if and only if `action` is 'Rewrite'");
  const bool has_answers =
      rule.child("answerCIDRs").is_defined() || rule.child("answerSets").is_defined();
  if (action == Action::strip && !has_answers)
    rule.reject("must have `answerCIDRs` or `answerSets` where `action` is 'Strip'");
  if ((action == Action::rewrite || action == Action::pass) && has_answers)
    rule.reject(
        "must not have `answerCIDRs` or `answerSets` where `action` is 'Rewrite' or 'Pass'");
}

filters::Rule decode_rule(const Field& field, const std::string& namespace_name) {
  filters::Rule rule;
  rule.name = field.child("name").text().value_or("");
  decode_matchers(field, namespace_name, rule);
  const Field response = field.child("response");
  if (response.is_present()) rule.response = decode_response(response);
  if (const Field rewrite = field.child("rewrite"); rewrite.is_present())
    rule.rewrite = decode_rewrite(rewrite);

  const auto action = decode_word(field.child("action"), actions);
  if (!action) return rule;
  check_action(field, *action);
  rule.action = *action;
  // Allowed names often lead to a content delivery network, which no allow-list foresees.
  const auto unset = *action == Action::allow ? CnameInspection::trust : CnameInspection::inspect;
  rule.cname_inspection = decode_word(field.child("cnameInspection"), inspections).value_or(unset);
  return rule;
}

void check_unique_names(const Field& rules) {
  std::map<std::string, std::string> first;
  for (const Field& rule : rules.items()) {
    const Field name = rule.child("name");
    const auto text = name.text();
    if (!text) continue;
    const auto [known, is_new] = first.emplace(*text, rule.path());
    if (!is_new)
      name.reject("rule names must be unique; " + known->second + " is called '" + *text +
                  "' already");
  }
}

}  // namespace

filters::Rules decode_rules(const Field& rules, const std::string& namespace_name) {
  // An endless list has been refused as a whole.
  if (rules.is_rejected()) return {};
  std::vector<filters::Rule> result;
  check_unique_names(rules);
  result.reserve(rules.node().size());
  for (const Field& rule : rules.items()) {
    result.push_back(decode_rule(rule, namespace_name));
  }
  return result;
}

filters::Response decode_response(const Field& field) {
  filters::Response response;
  if (!field.is_present()) return response;
  response.ttl_seconds = decode_ttl(field.child("ttlSeconds"));
  const Field sinkhole = field.child("sinkhole");
  if (sinkhole.is_present()) decode_sinkhole(sinkhole, response);
  const auto type = decode_word(field.child("type"), response_types);
  if (!type) return response;
  response.type = *type;
  if ((*type == ResponseType::sinkhole) != sinkhole.is_defined())
    field.reject("must have `sinkhole` if and only if `type` is 'Sinkhole'");
  return response;
}

void decode_common(const Field& spec, filters::Filter& filter) {
  filter.priority = static_cast<std::int32_t>(spec.child("priority").integer().value_or(0));
  filter.mode =
      decode_word(spec.child("enforcementMode"), modes).value_or(EnforcementMode::enforce);
  filter.logging = decode_logging(spec.child("logging"));
  const Field rules = spec.child("rules");
  filter.rules = decode_rules(rules, filter.namespace_name);
  // What is wrong with a rule may have cost it its matchers.
  if (!rules.is_unsound()) check_rewrite_cycles(rules, filter.rules);
}

filters::QueryLogging decode_logging(const Field& logging) {
  return decode_word(logging, loggings).value_or(QueryLogging::denied);
}

}  // namespace sluice::crds
