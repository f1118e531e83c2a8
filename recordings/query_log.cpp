// SPDX-License-Identifier: Apache-2.0
#include "recordings/query_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

namespace sluice::recordings {
namespace {

using filters::Action;

/// Text of a field; empty when it is missing or no text.
std::string_view text_of(const boost::json::object& line, std::string_view key) {
  const auto* value = line.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

/// What the log says became of a question. Nothing for other words.
std::optional<Action> action_of(std::string_view word) {
  static constexpr std::array actions{
      std::pair<std::string_view, Action>{"allow", Action::allow},
      std::pair<std::string_view, Action>{"deny", Action::deny},
      std::pair<std::string_view, Action>{"rewrite", Action::rewrite},
  };
  const auto found = std::ranges::find(actions, word, &std::pair<std::string_view, Action>::first);
  if (found == actions.end()) return std::nullopt;
  return found->second;
}

/// In the words of Extended DNS Errors, so that a replay can set it beside what decides now.
/// Rules have lower-case names; "defaultAction" and "failureMode" are none.
std::string decider_of(std::string_view filter, std::string_view rule) {
  if (filter.empty()) return {};
  const bool is_tenants = filter.find('/') != std::string_view::npos;
  const bool is_rule = rule != "defaultAction" && rule != "failureMode";
  std::string text = is_tenants ? "DNSFilter " : "ClusterDNSFilter ";
  text.append(filter).append(is_rule ? " rule " : " ").append(rule);
  return text;
}

/// False when the line does not say what was asked.
bool read_question(const boost::json::object& line, RecordedQuery& query) {
  const auto name_text = text_of(line, "name");
  const auto name = dns::Name::from_text(name_text);
  const auto type = dns::type_from_text(text_of(line, "type"));
  if (name_text.empty() || !name || !type) return false;
  query.name = *name;
  query.name.lower();
  query.type = *type;
  return true;
}

}  // namespace

RecordKind parse_query_log_line(std::string_view line, RecordedQuery& query) {
  boost::system::error_code error;
  const auto value = boost::json::parse({line.data(), line.size()}, error);
  if (error || !value.is_object()) return RecordKind::bad;
  const auto& object = value.get_object();
  if (text_of(object, "message") != "query") return RecordKind::other;
  if (!read_question(object, query)) return RecordKind::bad;
  query.client = {.namespace_name = std::string(text_of(object, "namespace")),
                  .address = filters::Address::from_text(text_of(object, "client"))};
  query.verdict.reset();
  if (const auto action = action_of(text_of(object, "action"))) {
    query.verdict = {*action, decider_of(text_of(object, "filter"), text_of(object, "rule"))};
  }
  query.rcode = dns::rcode_from_text(text_of(object, "rcode"));
  return RecordKind::query;
}

}  // namespace sluice::recordings
