// SPDX-License-Identifier: Apache-2.0
#include "tests/deploy/manifests.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/built_program.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{60};

/// Of a program that tools/build_deploy_tools builds; skips where it could not.
std::string tool(const std::string& name) {
  const fs::path program = fs::path(SLUICE_DEPLOY_TOOLS) / name;
  if (const auto reason =
          reason_without(program, "no " + name + ": tools/build_deploy_tools was not run"))
    SKIP(*reason);
  return program;
}

std::vector<YAML::Node> objects_of(const Outcome& outcome) {
  INFO(outcome.errors);
  REQUIRE(outcome.exit_code == 0);
  auto documents = YAML::LoadAll(outcome.output);
  std::erase_if(documents, [](const YAML::Node& document) { return !document.IsMap(); });
  return documents;
}

}  // namespace

std::string read_text(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(input), {}};
}

std::vector<fs::path> files_in(const fs::path& directory, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<fs::path> values_files() {
  return files_in(chart_directory / "ci", "-values.yaml");
}

Outcome helm(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), tool("helm"));
  // A helm that was built by `go install` takes itself for one of an old Kubernetes.
  arguments.insert(arguments.end(), {"--kube-version", "1.34.0"});
  return run({.arguments = std::move(arguments), .environment = {}, .directory = {}}, patience);
}

std::vector<YAML::Node> render_chart(std::vector<std::string> arguments) {
  const std::vector<std::string> start{"template", "sluice", chart_directory, "--namespace",
                                       "sluice-system"};
  arguments.insert(arguments.begin(), start.begin(), start.end());
  return objects_of(helm(std::move(arguments)));
}

std::vector<YAML::Node> build_kustomization(const std::string& directory) {
  return objects_of(run({.arguments = {tool("kustomize"), "build", kustomize_directory / directory},
                         .environment = {},
                         .directory = {}},
                        patience));
}

std::string title(const YAML::Node& object) {
  const YAML::Node metadata = object["metadata"];
  const auto space = metadata["namespace"] ? metadata["namespace"].as<std::string>() + '/' : "";
  return object["kind"].as<std::string>() + ' ' + space + metadata["name"].as<std::string>();
}

}  // namespace sluice::tests
