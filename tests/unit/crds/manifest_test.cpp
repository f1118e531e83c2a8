// SPDX-License-Identifier: Apache-2.0
// Every wrong manifest of wrong/*.yaml gets exactly the diagnostics that stand beside it. `server`
// tells why an API server accepts it all the same; tests/crd_vectors checks that it does.
#include "crds/manifest.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <catch2/catch_test_macros.hpp>
#include <yaml-cpp/yaml.h>

#include "crds/schemas.hpp"

namespace sluice::crds {
namespace {

/// Every case of every file.
std::vector<YAML::Node> all_cases() {
  std::vector<YAML::Node> cases;
  for (const auto& file :
       std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/unit/crds/wrong")) {
    for (const YAML::Node& node : YAML::LoadFile(file.path())) {
      cases.push_back(node);
    }
  }
  return cases;
}

std::vector<std::string> texts_of(const config::Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  for (auto diagnostic : diagnostics) {
    CHECK(diagnostic.file == "wrong.yaml");
    CHECK(diagnostic.reason == "Invalid");
    CHECK(diagnostic.severity == config::Severity::error);
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
  const auto cases = all_cases();
  CHECK(cases.size() >= 70);
  for (const YAML::Node& node : cases) {
    INFO(node["name"].as<std::string>());
    const auto file = read_manifests({"wrong.yaml", node["manifest"].as<std::string>()});
    CHECK(texts_of(file.diagnostics) == node["problems"].as<std::vector<std::string>>());
    CHECK(std::none_of(file.manifests.begin(), file.manifests.end(),
                       [](const Manifest& manifest) { return manifest.policy != nullptr; }));
  }
}

TEST_CASE("only the warnings that somebody reads are looked for", "[crds][manifest]") {
  const Source source{"f.yaml", R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec:
  rules:
  - {name: all, action: Deny, domains: [.a.example]}
  - {name: never, action: Allow, domains: [www.a.example]}
  - {name: below, action: Deny, domains: ["*.b.example"]}
)"};
  const auto reasons = [&](Warnings warnings) {
    std::set<std::string> found;
    for (const auto& warning : read_manifests(source, warnings).diagnostics)
      found.insert(warning.reason);
    return found;
  };
  CHECK(reasons(Warnings::all) == std::set<std::string>{"RuleShadowed", "WildcardWithoutApex"});
  CHECK(reasons(Warnings::overrides) == std::set<std::string>{"RuleShadowed"});
  CHECK(reasons(Warnings::none).empty());
}

TEST_CASE("every CEL rule of the CRDs has a twin that says the same", "[crds][schema]") {
  std::vector<std::string> messages;
  for (const EmbeddedCrd& crd : embedded_crds()) {
    collect_messages(YAML::Load(std::string(crd.text)), messages);
  }
  CHECK(messages.size() >= 20);
  std::string problems;
  for (const YAML::Node& node : all_cases()) {
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
