// SPDX-License-Identifier: Apache-2.0
#include "proxy/query_log.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "proxy/log.hpp"
#include "tests/support/pipeline_world.hpp"
#include "tests/unit/proxy/registered_pods.hpp"

namespace sluice::proxy {
namespace {

/// A tenant with a filter, and how much of its queries it wants logged.
std::string policies(const std::string& tenant_logging, const std::string& filter_logging) {
  return R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSTenant
metadata: {name: shop}
spec:
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
  queryLogging: )" +
         tenant_logging + R"(
---
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec:
  logging: )" +
         filter_logging + R"(
  rules:
  - {name: watch, action: Audit, domains: [.watched.example]}
  - {name: ads, action: Deny, domains: [.ads.example]}
)";
}

/// Lines that a denied, a watched and an ordinary query leave.
std::size_t lines_of(const std::string& tenant_logging, const std::string& filter_logging) {
  tests::PipelineWorld world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}},
                              .manifests = policies(tenant_logging, filter_logging)});
  log::Capture capture;
  world.ask("a.ads.example. A");
  for (const char* question : {"a.watched.example. A", "www.example. A"}) {
    world.ask(question);
    world.upstream().answer(tests::Response{});
  }
  world.query_log().write_out(nullptr);
  return capture.lines().size();
}

}  // namespace

TEST_CASE("the lower of what filter and tenant want is logged", "[proxy][query-log]") {
  CHECK(lines_of("All", "All") == 3);
  CHECK(lines_of("All", "Denied") == 2);
  CHECK(lines_of("Denied", "All") == 2);
  CHECK(lines_of("None", "All") == 0);
  CHECK(lines_of("All", "None") == 0);
}

TEST_CASE("a line says who asked for what, what decided and what came of it",
          "[proxy][query-log]") {
  tests::PipelineWorld world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}},
                              .manifests = policies("All", "Denied")});
  log::Capture capture;
  world.ask("A.Ads.example. AAAA", {.from = "10.0.1.7"});
  CHECK(world.query_log().write_out(nullptr) == 1);
  const std::string line = capture.lines().at(0);
  CHECK(line.substr(line.find("\"level\"")) ==
        R"("level":"info","message":"query","tenant":"shop","namespace":"shop",)"
        R"("pod":"","client":"10.0.1.7","name":"a.ads.example.","type":"AAAA","action":"deny",)"
        R"("filter":"shop/web","rule":"ads","auditedFilter":"","auditedRule":"",)"
        R"("rcode":"NXDOMAIN","source":"policy","transport":"udp","durationMicroseconds":0})");
}

TEST_CASE("a line names the pod that asked, and none that has its address from another namespace",
          "[proxy][query-log]") {
  tests::PipelineWorld world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}},
                              .manifests = policies("All", "All")});
  PodRegistry pods;
  pods.put(tests::pod("web", {"10.0.1.7"}));
  auto stranger = tests::pod("till", {"10.0.1.8"});
  stranger.namespace_name = "bank";
  pods.put(stranger);
  log::Capture capture;
  for (const char* address : {"10.0.1.7", "10.0.1.8", "10.0.1.9"})
    world.ask("a.ads.example. A", {.from = address});
  CHECK(world.query_log().write_out(&pods) == 3);
  const auto lines = capture.lines();
  CHECK(lines.at(0).find(R"("pod":"web","client":"10.0.1.7")") != std::string::npos);
  CHECK(lines.at(1).find(R"("pod":"","client":"10.0.1.8")") != std::string::npos);
  CHECK(lines.at(2).find(R"("pod":"","client":"10.0.1.9")") != std::string::npos);
}

TEST_CASE("what the ring does not hold is lost and counted, the answers are not",
          "[proxy][query-log]") {
  tests::PipelineWorld world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}},
                              .manifests = policies("All", "All")});
  log::Capture capture;
  for (std::size_t i = 0; i < QueryLog::capacity + 10; ++i)
    REQUIRE(world.ask("a.ads.example. A"));
  CHECK(world.counters().query_log_dropped.value() == 10);
  CHECK(world.query_log().write_out(nullptr) == QueryLog::capacity);
}

}  // namespace sluice::proxy
