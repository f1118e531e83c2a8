// SPDX-License-Identifier: Apache-2.0
// Whom a filter is about of which no version is right: nobody may get off because of a mistake.
#include <catch2/catch_test_macros.hpp>

#include "crds/manifest.hpp"

namespace sluice::crds {
namespace {

using filters::Filter;

Filter broken(const std::string& kind, const std::string& metadata, const std::string& spec) {
  const auto file =
      read_manifests({"f.yaml", "apiVersion: sluice.dev/v1alpha1\nkind: " + kind +
                                    "\nmetadata: " + metadata + "\nspec: " + spec + '\n'});
  REQUIRE(file.manifests.size() == 1);
  CHECK_FALSE(file.manifests[0].policy);
  REQUIRE(file.manifests[0].broken);
  return std::get<Filter>(*file.manifests[0].broken);
}

Filter broken_dns_filter(const std::string& spec) {
  return broken("DNSFilter", "{name: f, namespace: shop}", spec);
}
Filter broken_cluster_filter(const std::string& spec) {
  return broken("ClusterDNSFilter", "{name: c}", spec);
}

}  // namespace

TEST_CASE("a broken filter has its name and selector and no rules", "[crds][broken]") {
  const Filter filter = broken_dns_filter(
      "{podSelector: {matchLabels: {app: web}}, defaultAction: Allow, priority: 1,"
      " rules: [{name: r, action: Allow, domains: [a.example]}, {name: s, action: Delay}]}");
  CHECK(filter.is_broken);
  CHECK(filter.namespace_name == "shop");
  CHECK(filter.name == "f");
  CHECK(filter.tier == filters::Tier::tenant);
  CHECK(filter.rules.empty());
  CHECK(filter.default_action == filters::DefaultAction::inherit);
  REQUIRE(filter.pod_selector.requirements.size() == 1);
  CHECK(filter.pod_selector.requirements[0].key == "app");
}

TEST_CASE("a selector that cannot be read selects every pod", "[crds][broken]") {
  for (const char* selector :
       {"[app]", "{matchLabels: {app: 7}}", "{matchLabels: {app: web}, matchLables: {a: b}}",
        "{matchExpressions: [{key: app, operator: In}]}", "{matchLabels: {app: web, _: x}}"}) {
    INFO(selector);
    CHECK(broken_dns_filter("{defaultAction: Deny, podSelector: " + std::string(selector) + '}')
              .pod_selector.empty());
  }
  CHECK(broken_dns_filter("{defaultAction: Deny, podSelecter: {matchLabels: {app: web}}}")
            .pod_selector.empty());
}

TEST_CASE("of a subject every condition that can be read counts", "[crds][broken]") {
  const Filter filter = broken_cluster_filter(
      "{tier: Baseline, subject: {tenantNames: [Shop], namespaceSelector: {matchLabels: {a: b}},"
      " podSelector: {matchLabels: [a]}}, rules: [{name: r, action: Deny, queryTypes: [ANY]}]}");
  CHECK(filter.tier == filters::Tier::baseline);
  CHECK(filter.subject.tenant_names.empty());
  CHECK(filter.subject.namespace_selector);
  CHECK_FALSE(filter.subject.pod_selector);
}

TEST_CASE("so many problems that not all are told make every selector void", "[crds][broken]") {
  std::string spec = "\n  podSelector: {matchLabels: {app: web}}\n  rules:\n";
  for (int i = 0; i < 60; ++i) {
    spec += "  - {name: r" + std::to_string(i) + ", action: Delay, domains: [a.example]}\n";
  }
  CHECK(broken_dns_filter(spec).pod_selector.empty());
}

TEST_CASE("other kinds that are wrong have nobody stand in for them", "[crds][broken]") {
  const auto file = read_manifests(
      {"f.yaml",
       "apiVersion: sluice.dev/v1alpha1\nkind: DNSTenant\nmetadata: {name: t}\nspec: {}\n"});
  REQUIRE(file.manifests.size() == 1);
  CHECK_FALSE(file.manifests[0].policy);
  CHECK_FALSE(file.manifests[0].broken);
}

}  // namespace sluice::crds
