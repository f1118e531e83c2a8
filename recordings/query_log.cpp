// SPDX-License-Identifier: Apache-2.0
#include "recordings/query_log.hpp"

#include <algorithm>
#include <array>
#include <cctype>
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

std::optional<Action> action_of(std::string_view text) {
  static constexpr std::array actions{
      std::pair<std::string_view, Action>{"allow", Action::allow},
      std::pair<std::string_view, Action>{"deny", Action::deny},
      std::pair<std::string_view, Action>{"rewrite", Action::rewrite},
      std::pair<std::string_view, Action>{"strip", Action::strip},
  };
  std::string word(text);
  std::ranges::transform(word, word.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find(actions, word, &std::pair<std::string_view, Action>::first);
  if (found == actions.end()) return std::nullopt;
  return found->second;
}

filters::Labels labels_of(const boost::json::object& line) {
  filters::Labels labels;
  const auto* value = line.if_contains("labels");
  if (value == nullptr || !value->is_object()) return labels;
  for (const auto& [key, text] : value->get_object()) {
    if (text.is_string()) labels.emplace(key, text.get_string());
  }
  return labels;
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
  if (text_of(object, "msg") != "query") return RecordKind::other;
  if (!read_question(object, query)) return RecordKind::bad;
  query.client = {.namespace_name = std::string(text_of(object, "namespace")),
                  .labels = labels_of(object),
                  .address = filters::Address::from_text(text_of(object, "client"))};
  query.verdict.reset();
  if (const auto action = action_of(text_of(object, "action"))) {
    query.verdict = {*action, std::string(text_of(object, "rule"))};
  }
  query.rcode = dns::rcode_from_text(text_of(object, "rcode"));
  return RecordKind::query;
}

}  // namespace sluice::recordings
