// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario.hpp"

#include <algorithm>

#include "crds/group.hpp"

namespace sluice::tests {
namespace {

ScenarioStep read_step(const YAML::Node& node) {
  if (!node.IsMap() || node.size() == 0) throw ScenarioFailure(line_of(node), "a step is a map");
  const std::string kind = node.begin()->first.as<std::string>();
  // `metric` has its expectation beside it, all others stand alone.
  if (kind == "metric") {
    require_keys(node, {"metric", "is"});
  } else {
    require_keys(node, {kind});
  }
  return {kind, kind == "metric" ? node : node.begin()->second, line_of(node)};
}

bool passes_time(const ScenarioStep& step) {
  return step.kind == "elapse";
}

bool is_in_process_only(const YAML::Node& root, const std::vector<ScenarioStep>& steps) {
  const YAML::Node only = root["only"];
  if (!only) return std::any_of(steps.begin(), steps.end(), passes_time);
  if (only.as<std::string>() == "in-process") return true;
  throw ScenarioFailure(line_of(only), "`only` can only be in-process");
}

Scenario read(const YAML::Node& root) {
  require_keys(root, {"note", "only", "config", "files", "certificates", "crds", "steps"});
  Scenario scenario;
  scenario.note = root["note"].as<std::string>();
  scenario.config = root["config"];
  scenario.manifests = manifests_of(root["crds"]);
  if (root["files"]) scenario.files = root["files"].as<std::map<std::string, std::string>>();
  for (const auto& entry : root["certificates"]) {
    require_keys(entry.second, {"uris", "dnsNames"});
    scenario.certificates[entry.first.as<std::string>()] = {strings_of(entry.second["uris"]),
                                                            strings_of(entry.second["dnsNames"])};
  }
  for (const YAML::Node& step : root["steps"])
    scenario.steps.push_back(read_step(step));
  if (scenario.steps.empty()) throw ScenarioFailure(0, "a scenario without steps tests nothing");
  scenario.in_process_only = is_in_process_only(root, scenario.steps);
  return scenario;
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& path) {
  try {
    return read(YAML::LoadFile(path.string()));
  } catch (const YAML::Exception& error) {
    throw ScenarioFailure(error.mark.line + 1, error.msg);
  }
}

std::string manifests_of(const YAML::Node& objects) {
  std::string text;
  for (const YAML::Node& object : objects) {
    if (!object["apiVersion"]) {
      const bool is_core = object["kind"] && object["kind"].as<std::string>() == "Namespace";
      text += std::string("apiVersion: ") + (is_core ? "v1" : crds::api_version) + '\n';
    }
    YAML::Emitter emitter;
    emitter << object;
    text += std::string(emitter.c_str()) + "\n---\n";
  }
  return text;
}

void require_keys(const YAML::Node& map, const std::vector<std::string>& known) {
  for (const auto& entry : map) {
    const std::string key = entry.first.as<std::string>();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw ScenarioFailure(line_of(entry.first), "unknown key " + key);
    }
  }
}

int line_of(const YAML::Node& node) {
  return node.Mark().line + 1;
}

std::chrono::milliseconds duration_of(const YAML::Node& node) {
  const std::string text = node.as<std::string>();
  std::size_t digits = 0;
  const std::chrono::milliseconds::rep number = std::stoll(text, &digits);
  const std::string unit = text.substr(digits);
  if (unit == "ms") return std::chrono::milliseconds(number);
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "m") return std::chrono::minutes(number);
  if (unit == "h") return std::chrono::hours(number);
  throw ScenarioFailure(line_of(node), "unknown unit of time in " + text);
}

std::vector<std::string> strings_of(const YAML::Node& node) {
  return node ? node.as<std::vector<std::string>>() : std::vector<std::string>();
}

}  // namespace sluice::tests
