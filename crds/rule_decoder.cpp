// SPDX-License-Identifier: Apache-2.0
#include "crds/rule_decoder.hpp"

#include <map>

#include "crds/enumeration.hpp"
#include "crds/hints.hpp"

namespace sluice::crds {
namespace {

using filters::Action;
using filters::CnameInspection;
using filters::EnforcementMode;
using filters::ResponseType;

constexpr std::array actions = {
    Word{"Allow", Action::allow}, Word{"Deny", Action::deny}, Word{"Rewrite", Action::rewrite},
    Word{"Audit", Action::audit}, Word{"Pass", Action::pass},
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

std::uint32_t decode_ttl(const Field& field) {
  return static_cast<std::uint32_t>(field.integer().value_or(0));
}

std::optional<filters::Address> decode_address(const Field& field) {
  const auto text = field.text();
  return text ? filters::Address::from_text(*text) : std::nullopt;
}

/// The schema's pattern admits 192.0.2.1, because as text it is a name. As a rule it would never
/// match what whoever wrote it had in mind.
bool reject_address(const Field& field, const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string::npos) return false;
  if (!field.is_rejected()) field.reject("must be a domain name, not an IP address");
  return true;
}

std::vector<filters::Pattern> decode_domains(const Field& domains) {
  std::vector<filters::Pattern> patterns;
  for (const Field& item : domains.items()) {
    const auto text = item.text();
    if (!text || reject_address(item, *text)) continue;
    const auto pattern = filters::Pattern::from_text(*text);
    if (pattern)
      patterns.push_back(*pattern);
    else if (!item.is_rejected())
      item.reject_value("a domain pattern");
  }
  return patterns;
}

std::vector<dns::Type> decode_query_types(const Field& query_types) {
  std::vector<dns::Type> types;
  for (const Field& item : query_types.items()) {
    const auto text = item.text();
    if (!text) continue;
    const auto type = dns::type_from_text(*text);
    if (type)
      types.push_back(*type);
    else if (!item.is_rejected())
      item.reject_value("a query type");
  }
  return types;
}

std::optional<dns::Name> decode_canonical_name(const Field& field) {
  const auto text = field.text();
  if (!text || reject_address(field, *text)) return std::nullopt;
  auto name = dns::Name::from_text(*text);
  if (!name) {
    if (!field.is_rejected()) field.reject_value("a domain name");
    return std::nullopt;
  }
  name->lower();
  return *name;
}

filters::Rewrite decode_rewrite(const Field& field) {
  filters::Rewrite rewrite;
  const Field canonical_name = field.child("canonicalName");
  const Field addresses = field.child("addresses");
  if (field.node().IsMap() && canonical_name.node().IsDefined() == addresses.node().IsDefined())
    field.reject("must have exactly one of `canonicalName` and `addresses`");
  rewrite.canonical_name = decode_canonical_name(canonical_name);
  for (const Field& item : addresses.items()) {
    if (const auto address = decode_address(item)) rewrite.addresses.push_back(*address);
  }
  rewrite.ttl_seconds = decode_ttl(field.child("ttlSeconds"));
  return rewrite;
}

void decode_sinkhole(const Field& field, filters::Response& response) {
  const Field ipv4 = field.child("ipv4Address");
  const Field ipv6 = field.child("ipv6Address");
  if (field.node().IsMap() && !ipv4.node().IsDefined() && !ipv6.node().IsDefined())
    field.reject("must have `ipv4Address` or `ipv6Address`");
  response.sinkhole_ipv4 = decode_address(ipv4);
  response.sinkhole_ipv6 = decode_address(ipv6);
}

/// What the action asks for and what it forbids.
void check_action(const Field& rule, Action action) {
  const Field response = rule.child("response");
  if (action != Action::deny && response.node().IsDefined())
    response.reject("`response` must not be set unless `action` is 'Deny'");
  if ((action == Action::rewrite) != rule.child("rewrite").node().IsDefined())
    rule.reject("must have `rewrite` if and only if `action` is 'Rewrite'");
}

filters::Rule decode_rule(const Field& field) {
  filters::Rule rule;
  const Field domains = field.child("domains");
  const Field query_types = field.child("queryTypes");
  rule.name = field.child("name").text().value_or("");
  rule.domains = decode_domains(domains);
  rule.query_types = decode_query_types(query_types);
  if (field.node().IsMap() && !domains.node().IsDefined() && !query_types.node().IsDefined())
    field.reject("must have `domains` or `queryTypes`");
  rule.response = decode_response(field.child("response"));
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

std::vector<filters::Rule> decode_rules(const Field& rules) {
  std::vector<filters::Rule> result;
  // An endless list has been refused as a whole.
  if (rules.is_rejected()) return result;
  check_unique_names(rules);
  for (const Field& rule : rules.items()) {
    result.push_back(decode_rule(rule));
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
  if ((*type == ResponseType::sinkhole) != sinkhole.node().IsDefined())
    field.reject("must have `sinkhole` if and only if `type` is 'Sinkhole'");
  return response;
}

filters::EnforcementMode decode_mode(const Field& mode) {
  return decode_word(mode, modes).value_or(EnforcementMode::enforce);
}

}  // namespace sluice::crds
