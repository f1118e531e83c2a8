// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/pod.hpp"

#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

Pod read(const std::string& rest) {
  return read_pod({.namespace_name = "shop",
                   .name = "web",
                   .uid = "u",
                   .resource_version = "1",
                   .text = "{" + rest + "}"});
}

filters::Address address(const char* text) {
  return filters::Address::from_text(text).value();
}

}  // namespace

TEST_CASE("a running pod has all its addresses, labels and its start", "[kubernetes][pod]") {
  const Pod pod = read(R"(
    "metadata": {"labels": {"app": "web", "tier": "front"}},
    "status": {"phase": "Running", "startTime": "2026-01-31T09:00:00Z", "podIP": "10.1.2.3",
               "podIPs": [{"ip": "10.1.2.3"}, {"ip": "fd00::3"}]})");
  CHECK(pod.namespace_name == "shop");
  CHECK(pod.name == "web");
  CHECK(pod.labels == filters::Labels{{"app", "web"}, {"tier", "front"}});
  CHECK(pod.addresses == std::vector{address("10.1.2.3"), address("fd00::3")});
  REQUIRE(pod.started);
  CHECK(pod.started->time_since_epoch() == std::chrono::seconds(1'769'850'000));
  CHECK_FALSE(pod.is_terminal);
  CHECK_FALSE(pod.is_terminating);
  CHECK_FALSE(pod.uses_host_network);
}

TEST_CASE("of a pod nothing is kept that identity does not need", "[kubernetes][pod]") {
  auto json = parse_object(R"({"metadata": {"namespace": "shop", "name": "web", "uid": "u",
      "resourceVersion": "1", "labels": {"app": "web"}, "annotations": {"a": "b"}},
    "spec": {"nodeName": "n", "hostNetwork": true, "containers": [{"name": "web"}]},
    "status": {"phase": "Running", "startTime": "2026-01-31T09:00:00Z", "hostIP": "192.0.2.1",
               "podIPs": [{"ip": "10.1.2.3"}], "conditions": [{"type": "Ready"}]}})")
                  .value();
  const Pod whole = read_pod(*make_object(json));
  const auto trimmed = make_object(json, drop_what_identifies_nobody);
  CHECK(read_pod(*trimmed) == whole);
  CHECK(trimmed->text ==
        R"({"metadata":{"namespace":"shop","name":"web","uid":"u","resourceVersion":"1",)"
        R"("labels":{"app":"web"}},"spec":{"hostNetwork":true},"status":{"phase":"Running",)"
        R"("podIPs":[{"ip":"10.1.2.3"}],"startTime":"2026-01-31T09:00:00Z"}})");
}

TEST_CASE("an IPv4 address in IPv6 clothes is the IPv4 address", "[kubernetes][pod]") {
  const Pod pod = read(R"("status": {"podIPs": [{"ip": "::ffff:10.1.2.3"}, {"ip": "10.1.2.3"}]})");
  CHECK(pod.addresses == std::vector{address("10.1.2.3")});
}

TEST_CASE("what a pod is on its way to is told", "[kubernetes][pod]") {
  CHECK(read(R"("status": {"phase": "Succeeded"})").is_terminal);
  CHECK(read(R"("status": {"phase": "Failed"})").is_terminal);
  CHECK(read(R"("metadata": {"deletionTimestamp": "2026-01-31T09:00:00Z"})").is_terminating);
  CHECK(read(R"("spec": {"hostNetwork": true})").uses_host_network);
  CHECK_FALSE(read(R"("spec": {"hostNetwork": false})").uses_host_network);
}

TEST_CASE("a pod that makes no sense identifies nobody", "[kubernetes][pod]") {
  for (const char* rest :
       {"", R"("status": 7)", R"("status": {"podIPs": {"ip": "10.1.2.3"}})",
        R"("status": {"podIPs": ["10.1.2.3", {"ip": 7}, {"ip": "10.1.2"}, {}, null]})",
        R"("spec": {"hostNetwork": "true"}, "metadata": {"labels": ["a"]})"}) {
    INFO(rest);
    const Pod pod = read(rest);
    CHECK(pod.addresses.empty());
    CHECK(pod.labels.empty());
    CHECK_FALSE(pod.started);
    CHECK_FALSE(pod.uses_host_network);
  }
  CHECK_FALSE(read(R"("status": {"startTime": "yesterday"})").started);
}

}  // namespace sluice::kubernetes
