// SPDX-License-Identifier: Apache-2.0
// What only all objects together show: linked/*.yaml has loads of whole directories, one after the
// other, with every problem told and everything that is in force then.
#include "crds/linker.hpp"

#include <algorithm>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>
#include <yaml-cpp/yaml.h>

#include "crds/loader.hpp"

namespace sluice::crds {
namespace {

/// "line: [reason] path: message".
std::vector<std::string> problems_of(const config::Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  for (const auto& diagnostic : diagnostics) {
    const bool is_warning = diagnostic.severity == config::Severity::warning;
    texts.push_back(std::to_string(diagnostic.line) + ": " + (is_warning ? "warning: " : "") + '[' +
                    diagnostic.reason + "] " + diagnostic.path +
                    (diagnostic.path.empty() ? "" : ": ") + diagnostic.message);
  }
  return texts;
}

/// "shop/a=1 shop/b!": filters with their priorities, `!` for a broken one.
std::string filters_of(const filters::PolicySet& policies) {
  std::string text;
  for (const auto& filter : policies.filters) {
    const std::string prefix = filter.namespace_name.empty() ? "" : filter.namespace_name + '/';
    text += (text.empty() ? "" : " ") + prefix + filter.name +
            (filter.is_broken ? "!" : "=" + std::to_string(filter.priority));
  }
  return text;
}

template <typename Named>
std::string names_of(const filters::Shared<Named>& objects) {
  std::string text;
  for (const auto& object : objects) {
    text += (text.empty() ? "" : " ") + object.name;
  }
  return text;
}

std::string lists_of(const filters::PolicySet& policies) {
  std::string text;
  for (const auto& list : policies.lists) {
    text += (text.empty() ? "" : " ") + list.key.name + '=' + std::to_string(list.entries.size());
  }
  return text;
}

void check_if_stated(const YAML::Node& expected, const std::string& found) {
  if (expected) CHECK(found == expected.as<std::string>());
}

void check_load(Loader& loader, const YAML::Node& load, const Surroundings& surroundings) {
  const std::vector<Source> files{{"all.yaml", load["manifests"].as<std::string>()}};
  const auto result = loader.load(files, surroundings);
  const auto problems = load["problems"];
  CHECK(problems_of(result.diagnostics) ==
        (problems ? problems.as<std::vector<std::string>>() : std::vector<std::string>{}));
  check_if_stated(load["filters"], filters_of(result.policies));
  check_if_stated(load["tenants"], names_of(result.policies.tenants));
  check_if_stated(load["upstreams"], names_of(result.policies.upstreams));
  check_if_stated(load["lists"], lists_of(result.policies));
  CHECK((result.invalid_count > 0) == config::has_errors(result.diagnostics));
}

}  // namespace

TEST_CASE("objects that do not fit together are told and take no effect", "[crds][linker]") {
  std::size_t cases = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/unit/crds/linked")) {
    for (const YAML::Node& node : YAML::LoadFile(file.path())) {
      INFO(node["name"].as<std::string>());
      Surroundings surroundings;
      if (const auto names = node["upstreamNames"]) {
        surroundings.upstream_names.emplace();
        for (const auto& name : names) {
          surroundings.upstream_names->insert(name.as<std::string>());
        }
      }
      Loader loader;
      std::size_t number = 0;
      for (const YAML::Node& load : node["loads"]) {
        INFO("load " << ++number);
        check_load(loader, load, surroundings);
      }
      ++cases;
    }
  }
  CHECK(cases >= 30);
}

}  // namespace sluice::crds
