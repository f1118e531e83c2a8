// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "kubernetes/json_access.hpp"

using namespace sluice::kubernetes;

TEST_CASE("an object is identified, and its bookkeeping is not kept", "[kubernetes]") {
  const auto object = make_object(*parse_object(R"({
    "kind": "DNSFilter",
    "metadata": {"namespace": "shop", "name": "no-ads", "uid": "u", "resourceVersion": "0017",
      "generation": 3,
      "managedFields": [{"manager": "kubectl"}],
      "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "a": "b"}},
    "spec": {"priority": 5}})"));
  REQUIRE(object);
  CHECK(object->namespace_name == "shop");
  CHECK(object->name == "no-ads");
  CHECK(object->uid == "u");
  CHECK(object->resource_version == "0017");
  CHECK(object->generation == 3);
  CHECK(
      object->text ==
      R"({"kind":"DNSFilter","metadata":{"namespace":"shop","name":"no-ads","uid":"u",)"
      R"("resourceVersion":"0017","generation":3,"annotations":{"a":"b"}},"spec":{"priority":5}})");
}

TEST_CASE("annotations that held only bookkeeping are gone", "[kubernetes]") {
  const auto object = make_object(*parse_object(
      R"({"metadata": {"name": "n", "uid": "u", "resourceVersion": "1",
          "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}}})"));
  REQUIRE(object);
  CHECK_FALSE(object->json().at("metadata").as_object().contains("annotations"));
  CHECK(object->namespace_name.empty());
}

TEST_CASE("what cannot be identified is no object", "[kubernetes]") {
  const std::string text =
      GENERATE("{}", R"({"metadata":[]})", R"({"metadata":{"uid":"u","resourceVersion":"1"}})",
               R"({"metadata":{"name":"n","resourceVersion":"1"}})",
               R"({"metadata":{"name":"n","uid":"u"}})",
               R"({"metadata":{"name":"n","uid":"u","resourceVersion":1}})",
               R"({"metadata":{"name":7,"uid":"u","resourceVersion":"1"}})");
  INFO(text);
  CHECK(make_object(*parse_object(text)) == nullptr);
}
