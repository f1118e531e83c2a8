// SPDX-License-Identifier: Apache-2.0
// What a review costs where there is much: 10,000 filters in 1,000 namespaces of 100 tenants.
// Beside it, what linking all of it would cost.
//
//   cmake --build --preset bench --target bench_admission &&
//   build/bench/tests/bench/bench_admission
#include <string>
#include <vector>

#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "crds/loader.hpp"
#include "kubernetes/admission_review.hpp"

namespace sluice {
namespace {

constexpr int tenant_count = 100;
constexpr int namespace_count = 1000;
constexpr int filters_per_namespace = 10;

crds::Source object(const std::string& kind, const std::string& metadata, const std::string& spec) {
  return {.path = kind + ' ' + metadata,
          .text = "{apiVersion: sluice.dev/v1alpha1, kind: " + kind + ", metadata: {" + metadata +
                  "}, spec: {" + spec + "}}"};
}

crds::Source filter(const std::string& namespace_name, int index, const std::string& action) {
  const std::string number = std::to_string(index);
  std::string domains;
  for (int i = 0; i < 20; ++i) {
    domains += (i > 0 ? ", " : "") + ("d" + std::to_string(i) + ".f" + number) + ".example";
  }
  return object("DNSFilter", "namespace: " + namespace_name + ", name: f" + number,
                "priority: " + std::to_string(100 + index) +
                    ", rules: [{name: r, action: " + action + ", domains: [" + domains + "]}]");
}

std::vector<crds::Source> cluster() {
  std::vector<crds::Source> sources;
  for (int i = 0; i < tenant_count; ++i) {
    const std::string name = "t" + std::to_string(i);
    sources.push_back(object(
        "DNSTenant", "name: " + name,
        "namespaceSelector: {matchLabels: {team: " + name + "}}, delegation: {maxFilters: 200}"));
  }
  for (int i = 0; i < namespace_count; ++i) {
    const std::string name = "n" + std::to_string(i);
    sources.push_back({.path = "Namespace " + name,
                       .text = "{apiVersion: v1, kind: Namespace, metadata: {name: " + name +
                               ", labels: {team: t" + std::to_string(i % tenant_count) + "}}}"});
    for (int j = 0; j < filters_per_namespace; ++j)
      sources.push_back(filter(name, j, "Deny"));
  }
  return sources;
}

constexpr const char* review =
    R"({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u",
    "kind": {"group": "sluice.dev", "version": "v1alpha1", "kind": "DNSFilter"},
    "namespace": "n7", "name": "f3", "operation": "UPDATE", "object": {"metadata": {"name": "f3"},
    "spec": {"rules": [{"name": "r", "action": "Allow", "domains": ["a.example"]}]}}}})";

}  // namespace

TEST_CASE("admission") {
  auto sources = cluster();
  crds::Reviewer reviewer;
  reviewer.update(sources);
  REQUIRE(kubernetes::answer_review(review, reviewer)->allowed);
  BENCHMARK("review of one filter among 10,000") {
    return kubernetes::answer_review(review, reviewer);
  };
  int round = 0;
  BENCHMARK("update after one filter of 10,000 has changed") {
    sources.back() = filter("n999", 9, ++round % 2 == 0 ? "Deny" : "Allow");
    reviewer.update(sources);
  };
  crds::Loader loader;
  (void)loader.load(sources);
  BENCHMARK("linking all 10,000, for comparison") {
    sources.back() = filter("n999", 9, ++round % 2 == 0 ? "Deny" : "Allow");
    return loader.load(sources).object_count;
  };
}

TEST_CASE("admission, first update") {
  const auto sources = cluster();
  BENCHMARK("reading all 10,000 for the first time") {
    crds::Reviewer reviewer;
    reviewer.update(sources);
  };
}

}  // namespace sluice
