// SPDX-License-Identifier: Apache-2.0
#include "crds/matcher_decoder.hpp"

#include "crds/enumeration.hpp"
#include "crds/schedule_decoder.hpp"
#include "filters/name_pattern.hpp"
#include "filters/special_purpose.hpp"

namespace sluice::crds {
namespace {

/// The schema's pattern admits 192.0.2.1, because as text it is a name. As a rule it would never
/// match what whoever wrote it had in mind.
bool reject_address(const Field& field, const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string::npos) return false;
  if (!field.is_rejected()) field.reject("must be a domain name, not an IP address");
  return true;
}

filters::PatternList decode_domains(const Field& domains) {
  filters::PatternList patterns;
  for (const Field& item : domains.items()) {
    const auto text = item.text();
    if (!text || reject_address(item, *text)) continue;
    if (!patterns.add(*text) && !item.is_rejected()) item.reject_value("a domain pattern");
  }
  patterns.shrink_to_fit();
  return patterns;
}

std::vector<filters::ListKey> decode_list_refs(const Field& refs,
                                               const std::string& namespace_name) {
  std::vector<filters::ListKey> keys;
  for (const Field& ref : refs.items()) {
    const bool is_local = ref.child("kind").text() == "DomainList";
    keys.push_back({is_local ? namespace_name : "", ref.child("name").text().value_or("")});
  }
  return keys;
}

/// Compiled here only to know that they can be.
std::vector<std::string> decode_patterns(const Field& patterns) {
  std::vector<std::string> texts;
  for (const Field& item : patterns.items()) {
    const auto text = item.text();
    if (!text || item.is_rejected()) continue;
    if (const auto pattern = filters::NamePattern::compile(*text); !pattern)
      item.reject(pattern.error());
    texts.push_back(*text);
  }
  return texts;
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

/// `10.0.0.0/8` for `10.1.2.3/8`.
std::string mend_prefix(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = filters::Address::from_text(text.substr(0, slash));
  const int length = std::stoi(text.substr(slash + 1)) + (address->is_v4() ? 96 : 0);
  return to_text(filters::masked(*address, static_cast<std::uint8_t>(length))) + text.substr(slash);
}

std::vector<filters::Prefix> decode_answers(const Field& cidrs, const Field& sets) {
  std::vector<filters::Prefix> prefixes;
  for (const Field& item : cidrs.items()) {
    const auto text = item.text();
    if (!text || item.is_rejected()) continue;
    const auto prefix = filters::Prefix::from_text(*text);
    if (prefix)
      prefixes.push_back(*prefix);
    else
      item.reject("must have no bits set behind the length of the prefix; did you mean '" +
                  mend_prefix(*text) + "'?");
  }
  if (!sets.items().empty()) {  // there is but one
    const auto special = filters::special_purpose_prefixes();
    prefixes.insert(prefixes.end(), special.begin(), special.end());
  }
  return prefixes;
}

void check_some_matcher(const Field& rule) {
  if (!rule.node().is_mapping()) return;
  for (const char* name :
       {"domains", "domainListRefs", "patterns", "queryTypes", "answerCIDRs", "answerSets"}) {
    if (rule.child(name).is_defined()) return;
  }
  rule.reject(
      "must have `domains`, `domainListRefs`, `patterns`, `queryTypes`, `answerCIDRs` or "
      "`answerSets`");
}

}  // namespace

void decode_matchers(const Field& field, const std::string& namespace_name, filters::Rule& rule) {
  check_some_matcher(field);
  rule.domains = decode_domains(field.child("domains"));
  rule.lists = decode_list_refs(field.child("domainListRefs"), namespace_name);
  rule.patterns = decode_patterns(field.child("patterns"));
  rule.query_types = decode_query_types(field.child("queryTypes"));
  rule.answer_prefixes = decode_answers(field.child("answerCIDRs"), field.child("answerSets"));
  const Field schedule = field.child("schedule");
  if (schedule.is_defined() && schedule.node().is_mapping())
    rule.schedule = decode_schedule(schedule);
}

std::optional<dns::Name> decode_name(const Field& field) {
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

}  // namespace sluice::crds
