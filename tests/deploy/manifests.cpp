// SPDX-License-Identifier: Apache-2.0
#include "tests/deploy/manifests.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/json.hpp>
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
  return select(YAML::LoadAll(outcome.output),
                [](const YAML::Node& document) { return document.IsMap(); });
}

boost::json::value scalar_of(const YAML::Node& node) {
  bool truth = false;
  std::int64_t number = 0;
  const bool is_quoted = node.Tag() == "!";
  if (!is_quoted && YAML::convert<bool>::decode(node, truth)) return truth;
  if (!is_quoted && YAML::convert<std::int64_t>::decode(node, number)) return number;
  return boost::json::value(node.Scalar());
}

boost::json::value json_of(const YAML::Node& node) {
  if (node.IsScalar()) return scalar_of(node);
  if (node.IsSequence()) {
    boost::json::array list;
    for (const auto& entry : node)
      list.push_back(json_of(entry));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  boost::json::object object;
  for (const auto& entry : node)
    object[entry.first.Scalar()] = json_of(entry.second);
  return object;
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

std::vector<YAML::Node> select(const std::vector<YAML::Node>& objects,
                               const std::function<bool(const YAML::Node&)>& is_wanted) {
  std::vector<YAML::Node> selected;
  for (const auto& object : objects) {
    if (is_wanted(object)) selected.push_back(object);
  }
  return selected;
}

std::string kind_of(const YAML::Node& object) {
  return object["kind"].as<std::string>();
}

std::string json_list(const std::vector<YAML::Node>& objects) {
  boost::json::array items;
  for (const auto& object : objects)
    items.push_back(json_of(object));
  return boost::json::serialize(
      boost::json::object{{"apiVersion", "v1"}, {"kind", "List"}, {"items", std::move(items)}});
}

std::string title(const YAML::Node& object) {
  const YAML::Node metadata = object["metadata"];
  const auto space = metadata["namespace"] ? metadata["namespace"].as<std::string>() + '/' : "";
  return object["kind"].as<std::string>() + ' ' + space + metadata["name"].as<std::string>();
}

}  // namespace sluice::tests
