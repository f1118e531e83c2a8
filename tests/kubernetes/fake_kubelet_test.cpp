// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/fake_kubelet.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {
namespace {

/// What an agent on the node would list: pods that may still send queries.
std::vector<std::string> living_pods(const ControlPlane& plane, const std::string& namespace_name,
                                     const std::string& node) {
  const auto list =
      plane.client()
          .get("/api/v1/namespaces/" + namespace_name + "/pods?fieldSelector=spec.nodeName%3D" +
               node + ",status.phase%21%3DSucceeded,status.phase%21%3DFailed")
          .object();
  std::vector<std::string> names;
  for (const auto& pod : list.at("items").as_array())
    names.emplace_back(pod.at("metadata").at("name").as_string());
  return names;
}

}  // namespace

TEST_CASE("a fake kubelet reports what it is told, and the server keeps it", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  const FakeKubelet node(plane.client(), "node-1");
  const FakePod web{.namespace_name = shop, .name = "web", .labels = {{"app", "web"}}};
  const auto read = [&] {
    return plane.client().get("/api/v1/namespaces/" + shop + "/pods/web").object();
  };

  node.create(web);
  CHECK(read().at("status").at("phase") == "Pending");
  CHECK(read().at("spec").at("nodeName") == "node-1");
  CHECK(read().at("metadata").at("labels").at("app") == "web");

  node.report(web, {.addresses = {"10.1.0.5", "fd00::5"}});
  CHECK(read().at("status").at("phase") == "Running");
  CHECK(read().at("status").at("podIP") == "10.1.0.5");
  CHECK(boost::json::serialize(read().at("status").at("podIPs")) ==
        R"([{"ip":"10.1.0.5"},{"ip":"fd00::5"}])");

  node.report(web, {});
  CHECK_FALSE(read().at("status").as_object().contains("podIPs"));
}

TEST_CASE("a pod may end, be about to go, or be gone", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  const FakeKubelet node(plane.client(), "node-1");
  const FakePod web{.namespace_name = shop, .name = "web"};
  const FakePod job{.namespace_name = shop, .name = "job"};
  const FakePod proxy{.namespace_name = shop, .name = "proxy", .is_on_host_network = true};
  for (const FakePod& pod : {web, job, proxy}) {
    node.create(pod);
    node.report(pod, {.addresses = {"10.1.0.5"}});
  }
  using Names = std::vector<std::string>;
  CHECK(living_pods(plane, shop, "node-1") == Names{"job", "proxy", "web"});
  CHECK(living_pods(plane, shop, "node-2") == Names{});

  node.report(job, {.phase = "Succeeded", .addresses = {"10.1.0.5"}});
  node.remove(proxy);
  node.begin_deletion(web);
  CHECK(living_pods(plane, shop, "node-1") == Names{"web"});
  const auto pod = plane.client().get("/api/v1/namespaces/" + shop + "/pods/web").object();
  CHECK(pod.at("metadata").as_object().contains("deletionTimestamp"));
}

}  // namespace sluice::tests
