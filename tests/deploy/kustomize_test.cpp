// SPDX-License-Identifier: Apache-2.0
// The kustomizations build, and install what the chart installs.
#include <algorithm>
#include <map>
#include <regex>

#include <catch2/catch_test_macros.hpp>

#include "tests/deploy/manifests.hpp"

namespace sluice::tests {
namespace {

std::string canonical(const YAML::Node& node);

/// Labels and annotations that each tool adds for itself.
bool is_of_the_tool(const std::string& key) {
  return key.starts_with("app.kubernetes.io/") || key.starts_with("helm.sh/") ||
         key.starts_with("checksum/");
}

std::string canonical_list(const YAML::Node& node, const std::string& key) {
  std::vector<std::string> entries;
  for (const auto& entry : node)
    entries.push_back(canonical(entry));
  if (key.starts_with("volume")) std::ranges::sort(entries);  // the order of volumes means nothing
  std::string text;
  for (const auto& entry : entries)
    text += "- " + entry + '\n';
  return text;
}

/// Text that is equal for what an API server takes as equal: keys sorted, empty values left out,
/// numbers by value.
std::string canonical(const YAML::Node& node) {
  if (node.IsSequence()) return canonical_list(node, {});
  if (node.IsMap()) {
    std::map<std::string, std::string> entries;
    for (const auto& entry : node) {
      const auto key = entry.first.as<std::string>();
      if (is_of_the_tool(key)) continue;
      auto value =
          entry.second.IsSequence() ? canonical_list(entry.second, key) : canonical(entry.second);
      if (!value.empty()) entries.emplace(key, std::move(value));
    }
    std::string text;
    for (const auto& [key, value] : entries)
      text += key + ": " + value + '\n';
    return text.empty() ? "" : "{\n" + text + "}";
  }
  long number = 0;
  if (YAML::convert<long>::decode(node, number)) return std::to_string(number);
  return node.IsNull() ? "" : node.as<std::string>();
}

/// Settings are compared as what they say, not as text.
void parse_settings(YAML::Node object) {
  for (const std::string key : {"sluice.yaml", "controller.yaml"}) {
    if (object["data"] && object["data"][key])
      object["data"][key] = YAML::Load(object["data"][key].as<std::string>());
  }
}

/// kustomize appends a hash to the names of ConfigMaps that it makes.
std::string without_hashes(const std::string& text) {
  static const std::regex hash("(sluice-(agent|controller))-[0-9bcdfghkmt]{10}\\b");
  return std::regex_replace(text, hash, "$1");
}

std::map<std::string, std::string> by_title(const std::vector<YAML::Node>& objects) {
  std::map<std::string, std::string> result;
  for (const auto& object : objects) {
    // Only kustomize makes the namespace, and only helm has tests.
    const auto kind = object["kind"].as<std::string>();
    if (kind == "Namespace" || kind == "Pod") continue;
    parse_settings(object);
    result[without_hashes(title(object))] = without_hashes(canonical(object));
  }
  return result;
}

void check_equal(const std::string& directory, std::vector<std::string> values) {
  auto chart = by_title(render_chart(std::move(values)));
  auto kustomization = by_title(build_kustomization(directory));
  for (const auto& [name, object] : chart) {
    INFO(directory << ": " << name);
    CHECK(kustomization[name] == object);
  }
  for (const auto& [name, object] : kustomization) {
    INFO(directory << ": " << name << " is not in the chart");
    CHECK(chart.contains(name));
  }
}

}  // namespace

TEST_CASE("objects that mean the same are equal", "[deploy][kustomize]") {
  const auto text = [](const char* yaml) { return canonical(YAML::Load(yaml)); };
  CHECK(text("{a: 1, b: [x], labels: {helm.sh/chart: d}}") == text("{b: [x], a: 01, e: []}"));
  CHECK(text("{a: [x, y]}") != text("{a: [y, x]}"));
  CHECK(text("{labels: {a: b}}") != text("{}"));
  CHECK(without_hashes("sluice-agent-7cd7d54f29 sluice-agent-x") == "sluice-agent sluice-agent-x");
}

TEST_CASE("kustomize installs what the chart installs", "[deploy][kustomize]") {
  check_equal("default", {});
  check_equal("overlays/service", {});
  check_equal("overlays/sidecar", {"--set", "shape=sidecar"});
  check_equal("samples/certmanager", {"--set", "webhook.certificate.source=CertManager"});
  check_equal("overlays/nodelocal",
              {"--set",
               "shape=nodelocal,nodeLocal.clusterDNS=10.96.0.10,upstream.address=10.96.0.11,"
               "upstream.service.create=true"});
}

TEST_CASE("what is optional builds too", "[deploy][kustomize]") {
  CHECK(build_kustomization("prometheus").size() == 3);
  CHECK(build_kustomization("grafana").size() == 1);
  CHECK(build_kustomization("flow-schema").size() == 1);
  CHECK(build_kustomization("network-policy").size() == 2);
  CHECK(build_kustomization("samples").size() == 2);
}

TEST_CASE("the sidecar's component changes the workloads that are labelled",
          "[deploy][kustomize]") {
  for (const auto& object : build_kustomization("samples/sidecar")) {
    if (object["kind"].as<std::string>() != "Deployment") continue;
    const YAML::Node pod = object["spec"]["template"]["spec"];
    CHECK(pod["dnsPolicy"].as<std::string>() == "None");
    CHECK(pod["initContainers"][0]["restartPolicy"].as<std::string>() == "Always");
    CHECK(pod["dnsConfig"]["searches"].size() == 3);
  }
}

}  // namespace sluice::tests
