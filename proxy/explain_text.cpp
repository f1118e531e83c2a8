// SPDX-License-Identifier: Apache-2.0
#include "proxy/explain_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace sluice::proxy {
namespace {

namespace json = boost::json;

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

/// "namespace shop", "pod shop/web-1 at 10.0.2.5".
std::string asker_text(const json::object& report) {
  const std::string namespace_name(report.at("namespace").as_string());
  const auto* client = report.if_contains("client");
  if (client == nullptr) return "namespace " + namespace_name;
  std::string addresses;
  for (const auto& address : client->at("addresses").as_array())
    addresses += (addresses.empty() ? "" : ", ") + std::string(address.as_string());
  const json::object& identity = client->as_object();
  if (const auto* pod = identity.if_contains("pod"))
    return "pod " + namespace_name + '/' + std::string(pod->as_string()) + " at " + addresses;
  return addresses + ", which " + std::string(identity.at("knownBy").as_string()) +
         " has in namespace " + namespace_name;
}

/// What an explanation of a Sluice that has not seen everything is worth.
std::string missing_text(const json::object& report) {
  const auto* missing = report.if_contains("missing");
  if (missing == nullptr) return {};
  std::string text;
  for (const auto& one : missing->as_array())
    text += "not in force yet, because " + std::string(one.as_string()) + '\n';
  return text;
}

}  // namespace

std::string explanation_text(const json::object& report) {
  const auto text_of = [&](std::string_view key) {
    return std::string(report.at(key).as_string());
  };
  std::string text = text_of("name") + ' ' + text_of("type") + " asked from " + asker_text(report) +
                     " (tenant " + text_of("tenant") + "): " + text_of("action") + "\n\n";
  const auto& rules = report.at("rules").as_array();
  text += rules_text(rules);
  const bool is_decided = std::any_of(rules.begin(), rules.end(), [](const json::value& rule) {
    return rule.at("outcome").as_string() == "decides";
  });
  if (!is_decided) text += "> nothing decides: allowed\n";
  return text + '\n' + answer_text(report) + missing_text(report);
}

}  // namespace sluice::proxy
