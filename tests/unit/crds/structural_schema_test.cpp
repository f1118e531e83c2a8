// SPDX-License-Identifier: Apache-2.0
#include "crds/structural_schema.hpp"

#include <algorithm>
#include <functional>

#include <catch2/catch_test_macros.hpp>
#include <yaml-cpp/yaml.h>

#include "crds/group.hpp"
#include "crds/schemas.hpp"
#include "dns/types.hpp"

namespace sluice::crds {
namespace {

/// Every level of a schema.
void walk(const Schema& schema, const std::function<void(const Schema&)>& visit) {
  visit(schema);
  for (const auto& [name, property] : schema.properties) {
    walk(*property, visit);
  }
  if (schema.items) walk(*schema.items, visit);
  if (schema.additional_properties) walk(*schema.additional_properties, visit);
}

config::Diagnostics problems_of(const std::string& spec_schema) {
  config::Diagnostics problems;
  read_spec_schema(
      "spec: {versions: [{schema: {openAPIV3Schema: {properties: {spec: " + spec_schema + "}}}}]}",
      problems);
  return problems;
}

void check_descriptions(const YAML::Node& schema) {
  if (const YAML::Node items = schema["items"]) return check_descriptions(items);
  const YAML::Node properties = schema["properties"];
  if (!properties) return;
  for (const auto& property : properties) {
    INFO(property.first.Scalar());
    CHECK(property.second["description"].IsDefined());
    check_descriptions(property.second);
  }
}

}  // namespace

TEST_CASE("the embedded CRDs are understood as a whole", "[crds][schema]") {
  for (const auto& [kind, file, crd] : embedded_crds()) {
    INFO(kind);
    config::Diagnostics problems;
    const Schema schema = read_spec_schema(crd, problems);
    CHECK(problems.empty());
    CHECK_FALSE(schema.properties.empty());
  }
}

TEST_CASE("everything that a CRD lets people write is bounded", "[crds][schema]") {
  for (const EmbeddedCrd& crd : embedded_crds()) {
    INFO(crd.kind);
    walk(spec_schema(crd.kind), [](const Schema& level) {
      if (level.type == Schema::Type::array) CHECK(level.max_items);
      if (level.additional_properties) CHECK(level.max_properties);
      if (level.type == Schema::Type::string)
        CHECK((level.max_length || !level.enumeration.empty()));
    });
  }
}

TEST_CASE("every default is allowed by its own schema", "[crds][schema]") {
  for (const EmbeddedCrd& crd : embedded_crds()) {
    INFO(crd.kind);
    walk(spec_schema(crd.kind), [](const Schema& level) {
      auto value = default_of(level);
      if (!value) return;
      config::Diagnostics problems;
      Report report("default", problems);
      apply_schema(level, Field(*value, "default", report));
      CHECK(problems.empty());
    });
  }
}

TEST_CASE("the CRDs are of our group and version and describe every field", "[crds][schema]") {
  for (const auto& [kind, file, crd] : embedded_crds()) {
    INFO(kind);
    const YAML::Node root = YAML::Load(std::string(crd));
    const auto version = root["spec"]["versions"][0];
    CHECK(root["spec"]["group"].as<std::string>() == group);
    CHECK(std::string(group) + '/' + version["name"].as<std::string>() == api_version);
    CHECK(version["subresources"]["status"].IsMap());
    for (const char* part : {"spec", "status"}) {
      check_descriptions(version["schema"]["openAPIV3Schema"]["properties"][part]);
    }
  }
}

TEST_CASE("rules of both kinds of filter have one schema but for Pass and tenants' lists",
          "[crds][schema]") {
  const auto rule_of = [](std::string_view kind) {
    const auto crd = std::ranges::find(embedded_crds(), kind, &EmbeddedCrd::kind);
    const YAML::Node root = YAML::Load(std::string(crd->text));
    YAML::Node rule = root["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
                          ["properties"]["rules"]["items"];
    YAML::Node action = rule["properties"]["action"];
    rule["properties"].remove("action");
    rule["properties"]["domainListRefs"]["items"]["properties"].remove("kind");
    return std::pair(YAML::Dump(rule), action["enum"].as<std::vector<std::string>>());
  };
  const auto [tenant_rule, tenant_actions] = rule_of("DNSFilter");
  auto [cluster_rule, cluster_actions] = rule_of("ClusterDNSFilter");
  CHECK(tenant_rule == cluster_rule);
  REQUIRE(cluster_actions.back() == "Pass");
  cluster_actions.pop_back();
  CHECK(tenant_actions == cluster_actions);
}

TEST_CASE("the pattern of query types admits exactly what a question can ask for",
          "[crds][schema]") {
  const Schema& types =
      *spec_schema("DNSFilter").properties.at("rules")->items->properties.at("queryTypes")->items;
  const auto is_allowed = [&types](const std::string& text) {
    return RE2::PartialMatch(text, *types.pattern);
  };
  for (unsigned i = 1; i <= 0xFFFF; ++i) {
    const std::string number = "TYPE" + std::to_string(i);
    const auto type = dns::type_from_text(number);
    REQUIRE(is_allowed(number));
    REQUIRE(type == static_cast<dns::Type>(i));
    const std::string name = dns::to_text(*type);
    if (is_allowed(name)) REQUIRE(dns::type_from_text(name) == type);
  }
  CHECK_FALSE(is_allowed("TYPE0"));
  CHECK_FALSE(is_allowed("TYPE01"));
  CHECK_FALSE(is_allowed("TYPE65536"));
  CHECK_FALSE(is_allowed("TYPE100000"));
}

TEST_CASE("a schema that is not understood is told, not guessed at", "[crds][schema]") {
  CHECK(problems_of("{type: object}").empty());
  CHECK(problems_of("{type: object, properties: {x: {type: boolean}}}").size() == 1);
  CHECK(problems_of("{type: string, minimun: 1}").size() == 1);
  CHECK(problems_of("{type: string, format: date-time}").size() == 1);
  CHECK(problems_of("{type: string, pattern: '('}").size() == 1);
  CHECK(problems_of("{type: integer, minimum: 0}").size() == 1);
  CHECK(problems_of("{type: array}").size() == 1);
  CHECK(problems_of("{type: array, x-kubernetes-list-type: map, items: {type: string}}").size() ==
        1);
  CHECK(problems_of("{type: string, anyOf: [{pattern: x}]}").size() >= 1);
  CHECK(problems_of("{type: object, default: {a: 1}}").size() == 1);
  CHECK(problems_of("{type: string, maxLength: many}").size() == 1);
}

TEST_CASE("lengths count characters as the API server does", "[crds][schema]") {
  config::Diagnostics problems;
  const Schema schema = read_spec_schema(
      "spec: {versions: [{schema: {openAPIV3Schema: {properties: {spec: {type: string, minLength: "
      "2, maxLength: 3}}}}}]}",
      problems);
  Report report("x", problems);
  const auto is_allowed = [&](const std::string& text) {
    report.begin_object();
    auto value = config::Node::string(text);
    apply_schema(schema, Field(value, "x", report));
    return !report.object_is_wrong();
  };
  CHECK(is_allowed("äöü"));
  CHECK_FALSE(is_allowed("ä"));
  CHECK_FALSE(is_allowed("äöüß"));
}

}  // namespace sluice::crds
