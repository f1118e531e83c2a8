// SPDX-License-Identifier: Apache-2.0
// A scenario file: settings, policies and what happens, step by step. tests/scenarios/README.md is
// the format's manual.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace sluice::tests {

/// Something in a scenario is wrong, or came out otherwise than it says.
class ScenarioFailure : public std::runtime_error {
 public:
  ScenarioFailure(int line, const std::string& text)
      : std::runtime_error(std::to_string(line) + ": " + text) {}
};

struct ScenarioStep {
  std::string kind;  ///< "query", "answer" ...
  YAML::Node body;
  int line = 0;
};

/// What a client's certificate has as subject alternative names.
struct ScenarioCertificate {
  std::vector<std::string> uris;
  std::vector<std::string> dns_names;
};

struct Scenario {
  std::string note;
  bool in_process_only = false;
  YAML::Node config;      ///< of sluice.yaml, without what the stage knows better
  std::string manifests;  ///< one YAML document for each object
  std::map<std::string, std::string> files;                 ///< beside sluice.yaml: name and text
  std::map<std::string, ScenarioCertificate> certificates;  ///< of clients, by name
  std::vector<ScenarioStep> steps;
};

/// Throws ScenarioFailure on anything that is not as the manual says.
Scenario read_scenario(const std::filesystem::path& path);

/// Objects as YAML documents. `apiVersion` may be left out.
std::string manifests_of(const YAML::Node& objects);

/// A misspelt key would check nothing: throws when `map` has others than these.
void require_keys(const YAML::Node& map, const std::vector<std::string>& known);

/// 1-based.
int line_of(const YAML::Node& node);

/// "299s", "1800ms", "2h".
std::chrono::milliseconds duration_of(const YAML::Node& node);

/// Elements of a list, or none.
std::vector<std::string> strings_of(const YAML::Node& node);

}  // namespace sluice::tests
