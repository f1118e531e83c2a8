// SPDX-License-Identifier: Apache-2.0
// Manifests come from people who may wish the worst: each of these must end soon, with a few
// diagnostics, and without anything taking effect.
#include <catch2/catch_test_macros.hpp>

#include "crds/field.hpp"
#include "crds/loader.hpp"

namespace sluice::crds {
namespace {

constexpr std::size_t mebibyte = 1U << 20;
constexpr std::size_t kibibyte = 1U << 10;
const std::string head =
    "apiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\nmetadata: {name: f, namespace: shop}\n";

std::string repeat(const std::string& text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

/// Loads what must be refused, and returns the diagnostics.
config::Diagnostics refuse(const std::string& text) {
  Loader loader;
  const std::vector<Source> files = {{"hostile.yaml", text}};
  const auto result = loader.load(files);
  CHECK(result.object_count == 0);
  CHECK_FALSE(result.diagnostics.empty());
  CHECK(result.diagnostics.size() <= max_problems_per_object);
  std::size_t octets = 0;
  for (const auto& diagnostic : result.diagnostics) {
    octets += to_text(diagnostic).size();
  }
  CHECK(octets < 64 * 1024);
  return result.diagnostics;
}

}  // namespace

TEST_CASE("deep nesting is refused", "[crds][hostile]") {
  refuse(head + "spec: " + repeat("[", 10'000));
  refuse(head + "spec: " + repeat("{a: ", 10'000) + repeat("}", 10'000));
  refuse(head + "spec: " + repeat("[", 50) + repeat("]", 50));
  refuse(repeat("{kind: List, items: [", 40) + repeat("]}", 40));
}

TEST_CASE("a rule of endless domains ends soon when other problems hide it", "[crds][hostile]") {
  std::string unknown;
  for (std::size_t i = 0; i < max_problems_per_object; ++i)
    unknown += "u" + std::to_string(i) + ": 1, ";
  refuse(head + "spec: {" + unknown + "rules: [{name: r, action: Deny, domains: [" +
         repeat("a, ", 400'000) + "a]}]}");
}

TEST_CASE("an alias bomb is refused", "[crds][hostile]") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += 'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeat(alias + ", ", 9) +
            alias + "]\n";
  }
  refuse(head + bomb);
}

TEST_CASE("an object that contains itself is refused", "[crds][hostile]") {
  refuse(head + "spec: &spec {rules: [*spec]}\n");
}

TEST_CASE("a text of 3 MiB is refused without repeating it", "[crds][hostile]") {
  refuse(head + "spec: {enforcementMode: " + std::string(3 * mebibyte, 'a') + "}\n");
}

TEST_CASE("long texts are refused wherever they stand", "[crds][hostile]") {
  const std::string long_text(128 * kibibyte, 'a');
  refuse(head + "spec: {rules: [{name: r, action: Deny, domains: [" + long_text + "]}]}\n");
  refuse(head + "spec: {? " + long_text + " : 1}\n");
  refuse(head + "spec: {priority: " + std::string(128 * kibibyte, '1') + "}\n");
  refuse("apiVersion: v1\nkind: " + long_text + "\n");
}

TEST_CASE("lists and mappings of 10,000 entries are refused in a few words", "[crds][hostile]") {
  refuse(head + "spec: {rules: [" + repeat("{}, ", 10'000) + "]}\n");
  refuse(head + "spec: {podSelector: {matchLabels: [" + repeat("a, ", 10'000) + "]}}\n");
  std::string fields;
  for (int i = 0; i < 10'000; ++i) {
    fields += "field" + std::to_string(i) + ": 1, ";
  }
  refuse(head + "spec: {" + fields + "}\n");
  refuse(head + "spec: {podSelector: {matchLabels: {" + fields + "}}, defaultAction: Deny}\n");
  refuse("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {" + fields + "}}\n");
  refuse("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, " + fields + "}\n");
}

TEST_CASE("names with line breaks do not break diagnostics", "[crds][hostile]") {
  const auto problems = refuse(head + "spec: {\"a\\nb\": 1, defaultAction: \"x\\ny\"}\n");
  for (const auto& problem : problems) {
    CHECK(to_text(problem).find('\n') == std::string::npos);
  }
}

TEST_CASE("aliases that stay within the limits work as in kubectl", "[crds][hostile]") {
  Loader loader;
  const std::vector<Source> files = {
      {"f.yaml", head + "spec:\n  rules:\n"
                        "  - {name: a, action: Deny, domains: &names [a.example, b.example]}\n"
                        "  - {name: b, action: Audit, queryTypes: [TXT], domains: *names}\n"}};
  const auto result = loader.load(files);
  CHECK_FALSE(config::has_errors(result.diagnostics));
  REQUIRE(result.policies.filters.size() == 1);
  CHECK(result.policies.filters[0].rules[1].domains.size() == 2);
}

}  // namespace sluice::crds
