// SPDX-License-Identifier: Apache-2.0
// Whatever the chart and the kustomizations render is accepted by a strict dry run of the real API
// server: every field is one that it knows, and no selector, name or value is one that it refuses.
#include "tests/deploy/manifests.hpp"

#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/kubernetes/chart_accounts.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

// Kinds of cert-manager and of the Prometheus operator, which are not installed here.
const std::set<std::string> unknown_kinds{"Certificate", "Issuer", "PodMonitor", "PrometheusRule",
                                          "ServiceMonitor"};
constexpr const char* flow_schemas = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/";

void make_namespaces(const ControlPlane& plane, const std::vector<YAML::Node>& objects) {
  for (const auto& object : objects) {
    const YAML::Node name = object["metadata"]["namespace"];
    if (name) plane.ensure_namespace(name.as<std::string>());
    if (kind_of(object) == "Namespace")
      plane.ensure_namespace(object["metadata"]["name"].as<std::string>());
  }
}

Outcome dry_run(const ControlPlane& plane, const std::vector<YAML::Node>& objects) {
  make_namespaces(plane, objects);
  plane.directory().write("dry-run.json", json_list(objects));
  return plane.kubectl({"apply", "--server-side", "--force-conflicts", "--dry-run=server",
                        "--validate=strict", "-o", "name", "-f", "dry-run.json"});
}

void check(const ControlPlane& plane, const std::vector<YAML::Node>& all) {
  const auto objects = select(
      all, [](const YAML::Node& object) { return !unknown_kinds.contains(kind_of(object)); });
  const Outcome outcome = dry_run(plane, objects);
  INFO(outcome.errors);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.errors.empty());
  CHECK(static_cast<std::size_t>(std::ranges::count(outcome.output, '\n')) == objects.size());
}

}  // namespace

TEST_CASE("a strict dry run accepts all that the chart renders", "[kubernetes][deploy]") {
  auto& plane = shared_control_plane();
  for (const auto& values : values_files()) {
    INFO(values);
    check(plane, render_chart({"--values", values}));
  }
}

TEST_CASE("a strict dry run accepts all that kustomize builds", "[kubernetes][deploy]") {
  auto& plane = shared_control_plane();
  for (const char* directory : {"default", "overlays/nodelocal", "overlays/service",
                                "overlays/sidecar", "webhook", "flow-schema", "network-policy",
                                "grafana", "samples", "samples/sidecar", "samples/certmanager"}) {
    INFO(directory);
    check(plane, build_kustomization(directory));
  }
}

TEST_CASE("a strict dry run refuses what no API server knows", "[kubernetes][deploy]") {
  auto& plane = shared_control_plane();
  auto objects = render_chart({});
  for (auto& object : objects) {
    if (kind_of(object) != "DaemonSet") continue;
    object["spec"]["template"]["spec"]["hostNetwrok"] = true;
    const auto outcome = dry_run(plane, {object});
    CHECK(outcome.exit_code != 0);
    INFO(outcome.errors);
    CHECK(outcome.errors.find("hostNetwrok") != std::string::npos);
  }
}

TEST_CASE("an agent's requests are those of the shipped FlowSchema", "[kubernetes][deploy]") {
  auto& plane = shared_control_plane();
  const ChartAccounts accounts(plane);
  const auto objects = select(
      render_chart({"--set", "flowSchema.enabled=true", "--namespace", accounts.namespace_name()}),
      [](const YAML::Node& object) { return kind_of(object) == "FlowSchema"; });
  REQUIRE(objects.size() == 1);
  plane.directory().write("flow-schema.json", json_list(objects));
  REQUIRE(plane.kubectl({"apply", "--server-side", "--validate=strict", "-f", "flow-schema.json"})
              .exit_code == 0);
  const auto name = objects.front()["metadata"]["name"].as<std::string>();
  const auto schema = plane.client().get(flow_schemas + name).object();
  CHECK(schema.at("spec").at("priorityLevelConfiguration").at("name") == "workload-high");
  const auto uid = std::string(schema.at("metadata").at("uid").as_string());
  const ApiClient agent = accounts.client("sluice-agent");
  const ApiClient controller = accounts.client("sluice-controller");
  for (const char* path : {"/api/v1/pods?limit=1", "/apis/sluice.dev/v1alpha1/dnsfilters?limit=1",
                           "/api/v1/namespaces?limit=1"}) {
    INFO(path);
    CHECK(eventually(10s, [&] { return agent.get(path).flow_schema == uid; }));
  }
  const auto others = controller.get("/apis/sluice.dev/v1alpha1/dnsfilters?limit=1").flow_schema;
  CHECK(!others.empty());
  CHECK(others != uid);
  CHECK(plane.client().remove(flow_schemas + name).status == 200);
}

}  // namespace sluice::tests
