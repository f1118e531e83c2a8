// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/policy_kinds.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

using namespace sluice;
using namespace sluice::kubernetes;

namespace {

ObjectPointer filter(const std::string& version, const std::string& generation) {
  return make_object(*parse_object(
      R"({"metadata": {"namespace": "shop", "name": "web", "uid": "u",
    "resourceVersion": ")" +
      version + R"(")" + (generation.empty() ? "" : ", \"generation\": " + generation) + "}}"));
}

Changes update(const ObjectPointer& before, const ObjectPointer& after) {
  return {{.kind = ChangeKind::updated, .object = after, .previous = before}};
}

}  // namespace

TEST_CASE("a status is no news, a new spec is", "[kubernetes]") {
  CHECK_FALSE(has_news(update(filter("1", "1"), filter("2", "1"))));
  CHECK(has_news(update(filter("1", "1"), filter("2", "2"))));
  CHECK(has_news(update(filter("1", ""), filter("2", ""))));  // namespaces have no generation
  CHECK(has_news({{.kind = ChangeKind::deleted, .object = filter("2", "1"), .previous = {}}}));
  CHECK(has_news({}));
}

TEST_CASE("an object is read again when it says something else", "[kubernetes]") {
  const ObjectType type{"sluice.dev/v1alpha1", "DNSFilter"};
  const auto source = source_of(filter("1", "1"), type);
  CHECK(source.path == "DNSFilter shop/web");
  CHECK(source.text == source_of(filter("2", "1"), type).text);
  CHECK(source.text != source_of(filter("2", "2"), type).text);
}

TEST_CASE("of an object that only says policy its name, labels and spec are kept", "[kubernetes]") {
  const auto object = make_object(*parse_object(R"({
    "metadata": {"namespace": "shop", "name": "web", "uid": "u", "resourceVersion": "7",
      "generation": 2, "labels": {"a": "b"}, "annotations": {"c": "d"},
      "creationTimestamp": "2026-01-01T00:00:00Z", "ownerReferences": []},
    "spec": {"priority": 5},
    "status": {"conditions": [{"type": "Ready"}]}})"),
                                  drop_what_is_no_policy);
  REQUIRE(object);
  CHECK(object->text ==
        R"({"metadata":{"namespace":"shop","name":"web","uid":"u","resourceVersion":"7",)"
        R"("generation":2,"labels":{"a":"b"}},"spec":{"priority":5}})");
}

TEST_CASE("objects have the paths that the API server gives them", "[kubernetes]") {
  CHECK(object_path({"DNSFilter", "shop", "web"}) ==
        "/apis/sluice.dev/v1alpha1/namespaces/shop/dnsfilters/web");
  CHECK(object_path({"DNSTenant", "", "shop"}) == "/apis/sluice.dev/v1alpha1/dnstenants/shop");
  CHECK(object_path({"Namespace", "", "shop"}).empty());
}
