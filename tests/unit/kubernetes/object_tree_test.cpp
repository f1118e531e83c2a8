// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/group.hpp"
#include "crds/loader.hpp"
#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

constexpr const char* filter = R"({
  "metadata": {"name": "no-ads", "namespace": "shop", "uid": "u", "resourceVersion": "7",
               "labels": {"a": "1"}, "generation": 3, "somethingNew": {"x": [1, 2.5, true, null]}},
  "spec": {"priority": 100, "enforcementMode": "Enforce", "defaultAction": "Inherit",
           "rules": [{"name": "ads", "action": "Deny", "domains": ["ads.example"],
                      "queryTypes": ["NULL", "A"]}]},
  "status": {"conditions": []}})";

crds::Source source(const std::string& json) {
  const auto object = make_object(parse_object(json).value());
  return {.path = "DNSFilter shop/no-ads", .text = object->resource_version, .tree = [object] {
            return to_tree(*object, {crds::api_version, "DNSFilter"});
          }};
}

}  // namespace

TEST_CASE("an object of the API server is read as one of a file is", "[kubernetes][tree]") {
  crds::Loader loader;
  const std::vector sources{source(filter)};
  const auto result = loader.load(sources);
  for (const auto& problem : result.diagnostics)
    FAIL(config::to_text(problem));
  REQUIRE(result.policies.filters.size() == 1);
  const auto& read = result.policies.filters[0];
  CHECK(read.namespace_name == "shop");
  CHECK(read.priority == 100);
  CHECK(read.rules.at(0).name == "ads");
}

TEST_CASE("what an API server would not let in is refused here too", "[kubernetes][tree]") {
  std::string text = filter;
  text.replace(text.find("\"Deny\""), 6, "\"Burn\"");
  const std::vector sources{source(text)};
  const auto result = crds::Loader().load(sources);
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(config::to_text(result.diagnostics[0])
            .starts_with("DNSFilter shop/no-ads: spec.rules[0].action: found the string 'Burn'"));
  CHECK(result.invalid_count == 1);
}

TEST_CASE("an object of the same version is not read again", "[kubernetes][tree]") {
  crds::Loader loader;
  std::vector sources{source(filter)};
  CHECK(loader.load(sources).object_count == 1);
  sources[0].tree = []() -> config::Node { throw std::logic_error("read again"); };
  CHECK(loader.load(sources).object_count == 1);
}

}  // namespace sluice::kubernetes
