// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/list_page.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/kubernetes/objects.hpp"

using namespace sluice;
using namespace sluice::kubernetes;

TEST_CASE("a page has objects, a version and perhaps a token", "[kubernetes]") {
  const auto page = parse_list_page(
      R"({"kind":"PodList","metadata":{"resourceVersion":"90","continue":"next"},"items":[)" +
      tests::object_text({"a", "1", "10"}) + ',' + tests::object_text({"b", "2", "20"}) + "]}");
  REQUIRE(page.has_value());
  CHECK(page->resource_version == "90");
  CHECK(page->continue_token == "next");
  REQUIRE(page->objects.size() == 2);
  CHECK(page->objects[1]->name == "b");
}

TEST_CASE("an empty list is a list", "[kubernetes]") {
  const std::string items = GENERATE("[]", "null");
  const auto page =
      parse_list_page(R"({"metadata":{"resourceVersion":"1"},"items":)" + items + "}");
  REQUIRE(page.has_value());
  CHECK(page->objects.empty());
  CHECK(page->continue_token.empty());
}

TEST_CASE("whatever is no whole list is none", "[kubernetes][security]") {
  const std::string text =
      GENERATE("", "{", "[]", "{}", R"({"metadata":{"resourceVersion":"1"}})",
               R"({"metadata":{"resourceVersion":"1"},"items":{}})",
               R"({"metadata":{},"items":[]})", R"({"metadata":{"resourceVersion":1},"items":[]})",
               R"({"metadata":{"resourceVersion":"1"},"items":[{}]})",
               R"({"metadata":{"resourceVersion":"1"},"items":[7]})",
               R"({"metadata":{"resourceVersion":"1"},"items":[]} x)",
               R"({"kind":"Pod","metadata":{"name":"a","uid":"1","resourceVersion":"1"}})");
  INFO(text);
  const auto page = parse_list_page(text);
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().kind == FailureKind::invalid);
}
