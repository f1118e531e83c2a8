// SPDX-License-Identifier: Apache-2.0
// Every wrong manifest of wrong_objects.yaml gets exactly the diagnostics that stand beside it.
#include "crds/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <yaml-cpp/yaml.h>

#include "crds/schemas.hpp"

namespace sluice::crds {
namespace {

const std::string directory = SLUICE_SOURCE_DIR "/tests/unit/crds/";

std::vector<std::string> texts_of(const config::Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  for (auto diagnostic : diagnostics) {
    CHECK(diagnostic.file == "wrong.yaml");
    diagnostic.file.clear();
    diagnostic.path += diagnostic.path.empty() ? "" : ": ";
    texts.push_back(std::to_string(diagnostic.line) + ": " + diagnostic.path + diagnostic.message);
  }
  return texts;
}

/// Every CEL message of a CRD, at any depth.
void collect_messages(const YAML::Node& node, std::vector<std::string>& messages) {
  if (!node.IsMap() && !node.IsSequence()) return;
  for (const auto& entry : node) {
    if (node.IsSequence()) {
      collect_messages(entry, messages);
      continue;
    }
    collect_messages(entry.second, messages);
    if (entry.first.Scalar() != "x-kubernetes-validations") continue;
    for (const auto& rule : entry.second) {
      messages.push_back(rule["message"].as<std::string>());
    }
  }
}

}  // namespace

TEST_CASE("wrong objects get their diagnostics and take no effect", "[crds][manifest]") {
  const YAML::Node cases = YAML::LoadFile(directory + "wrong_objects.yaml");
  CHECK(cases.size() >= 70);
  for (const YAML::Node& node : cases) {
    INFO(node["name"].as<std::string>());
    const auto file = read_manifests({"wrong.yaml", node["manifest"].as<std::string>()});
    CHECK(texts_of(file.diagnostics) == node["problems"].as<std::vector<std::string>>());
    CHECK(std::none_of(file.manifests.begin(), file.manifests.end(),
                       [](const Manifest& manifest) { return manifest.policy.has_value(); }));
  }
}

TEST_CASE("every CEL rule of the CRDs has a twin that says the same", "[crds][schema]") {
  std::vector<std::string> messages;
  for (const auto crd : {dns_filter_crd, cluster_dns_filter_crd, dns_tenant_crd}) {
    collect_messages(YAML::Load(std::string(crd)), messages);
  }
  CHECK(messages.size() >= 20);
  std::string problems;
  for (const YAML::Node& node : YAML::LoadFile(directory + "wrong_objects.yaml")) {
    for (const YAML::Node& problem : node["problems"]) {
      problems += problem.as<std::string>() + '\n';
    }
  }
  for (const std::string& message : messages) {
    INFO(message);
    CHECK(problems.find(": " + message) != std::string::npos);
  }
}

}  // namespace sluice::crds
