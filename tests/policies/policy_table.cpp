// SPDX-License-Identifier: Apache-2.0
#include "tests/policies/policy_table.hpp"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

#include <yaml-cpp/yaml.h>

namespace sluice::tests {
namespace {

class TableReader {
 public:
  explicit TableReader(const std::string& path) : path_(path) {}

  PolicyTable read() const {
    const YAML::Node root = YAML::LoadFile(path_);
    check_keys(root, {"note", "policy", "clients", "queries"});
    PolicyTable table{text(root, "note"), text(root, "policy"), {}, {}};
    for (const auto& client : root["clients"]) {
      table.clients.emplace(client.first.as<std::string>(), read_client(client.second));
    }
    for (const YAML::Node& query : root["queries"]) {
      table.queries.push_back(read_query(query));
      if (!table.clients.contains(table.queries.back().from)) fail(query, "from: no such client");
    }
    if (table.queries.empty()) fail(root, "a table without queries shows nothing");
    return table;
  }

 private:
  [[noreturn]] void fail(const YAML::Node& node, const std::string& message) const {
    throw std::runtime_error(path_ + ":" + std::to_string(node.Mark().line + 1) + ": " + message);
  }

  void check_keys(const YAML::Node& node, std::initializer_list<std::string_view> known) const {
    if (!node.IsMap()) fail(node, "must be a mapping");
    for (const auto& entry : node) {
      const auto key = entry.first.as<std::string>();
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        fail(entry.first, "unknown key " + key);
      }
    }
  }

  std::string text(const YAML::Node& node, const char* key) const {
    if (!node[key] || !node[key].IsScalar()) fail(node, std::string(key) + " must be given");
    return node[key].as<std::string>();
  }

  std::optional<std::string> text_if_given(const YAML::Node& node, const char* key) const {
    if (!node[key]) return std::nullopt;
    return text(node, key);
  }

  std::optional<filters::Workload> read_client(const YAML::Node& node) const {
    if (node.IsScalar() && node.as<std::string>() == "unknown") return std::nullopt;
    check_keys(node, {"namespace", "labels"});
    filters::Workload workload{text(node, "namespace"), {}};
    for (const auto& label : node["labels"]) {
      workload.labels.emplace(label.first.as<std::string>(), label.second.as<std::string>());
    }
    return workload;
  }

  PolicyQuery read_query(const YAML::Node& node) const {
    check_keys(node,
               {"from", "ask", "tenant", "verdict", "by", "trail", "answer", "ede", "targets"});
    PolicyQuery query;
    query.line = node.Mark().line + 1;
    query.from = text(node, "from");
    const auto ask = text(node, "ask");
    const auto space = ask.find(' ');
    const auto type = dns::type_from_text(std::string_view(ask).substr(space + 1));
    if (space == ask.npos || !type) fail(node, "ask must be a name and a type");
    query.qname = read_name(node, ask.substr(0, space));
    query.qtype = *type;
    query.tenant = text_if_given(node, "tenant");
    query.expected = read_verdict(node);
    for (const YAML::Node& target : node["targets"]) {
      check_keys(target, {"name", "verdict", "by", "trail", "answer", "ede"});
      query.targets.push_back({read_name(target, text(target, "name")), read_verdict(target)});
    }
    return query;
  }

  dns::Name read_name(const YAML::Node& node, const std::string& spelling) const {
    const auto name = dns::Name::from_text(spelling);
    if (!name) fail(node, "no name: " + spelling);
    return *name;
  }

  ExpectedVerdict read_verdict(const YAML::Node& node) const {
    ExpectedVerdict expected;
    expected.verdict = text(node, "verdict");
    expected.by = text_if_given(node, "by").value_or("");
    for (const YAML::Node& entry : node["trail"]) {
      expected.trail.push_back(entry.as<std::string>());
    }
    const char* usual = expected.verdict == "Deny" ? "NXDOMAIN 30" : "";
    expected.answer = text_if_given(node, "answer").value_or(usual);
    expected.ede = text_if_given(node, "ede");
    return expected;
  }

  std::string path_;
};

}  // namespace

PolicyTable read_policy_table(const std::string& path) {
  return TableReader(path).read();
}

}  // namespace sluice::tests
