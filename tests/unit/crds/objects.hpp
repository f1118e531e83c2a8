// SPDX-License-Identifier: Apache-2.0
// What the tests of the kinds share: reading one object, and comparing it with its schema.
#pragma once

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <yaml-cpp/yaml.h>

#include "crds/manifest.hpp"
#include "crds/structural_schema.hpp"

namespace sluice::crds {

/// The one object of a text without mistakes; warnings are none.
template <typename Kind>
Kind read_one(const std::string& text) {
  const ManifestFile file = read_manifests({"object.yaml", text});
  for (const auto& diagnostic : file.diagnostics) {
    UNSCOPED_INFO(to_text(diagnostic));
  }
  REQUIRE_FALSE(config::has_errors(file.diagnostics));
  REQUIRE(file.manifests.size() == 1);
  REQUIRE(file.manifests[0].policy);
  return std::get<Kind>(*file.manifests[0].policy);
}

/// The paths of a schema's fields that are written nowhere in `node`.
inline void collect_unused(const Schema& schema, const std::vector<YAML::Node>& nodes,
                           const std::string& path, std::set<std::string>& unused) {
  for (const auto& [name, property] : schema.properties) {
    std::vector<YAML::Node> values;
    for (const YAML::Node& node : nodes) {
      const YAML::Node value = node[name];
      if (!value.IsDefined()) continue;
      if (!value.IsSequence()) values.push_back(value);
      for (std::size_t i = 0; value.IsSequence() && i < value.size(); ++i) {
        values.push_back(value[i]);
      }
    }
    const std::string field = path + '.' + name;
    if (values.empty()) unused.insert(field);
    const Schema& inner = property->items ? *property->items : *property;
    if (!values.empty()) collect_unused(inner, values, field, unused);
  }
}

/// Fields that the schema has and the object does not use: a test of all fields has none.
inline std::set<std::string> unused_fields(const Schema& schema, const std::string& object) {
  std::set<std::string> unused;
  collect_unused(schema, {YAML::Load(object)["spec"]}, "spec", unused);
  return unused;
}

}  // namespace sluice::crds
