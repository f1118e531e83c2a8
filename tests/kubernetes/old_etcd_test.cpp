// SPDX-License-Identifier: Apache-2.0
// An API server whose etcd cannot tell how far it is (before 3.4.31 and 3.5.13): watches that begin
// with all that is there fail, lists come from etcd itself, and an agent must not notice.
#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/kubernetes/agent_settings.hpp"
#include "tests/kubernetes/fake_kubelet.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;
const std::string pod_address = "127.0.44.1";

/// Debian's; whichever else is installed is of no use here.
void require_old_etcd() {
  if (const auto reason = reason_without_control_plane()) SKIP(*reason);
  if (!has_program("etcd")) SKIP("no old etcd: etcd-server is not installed");
  const auto version =
      run({.arguments = {"etcd", "--version"}, .environment = {}, .directory = {}}, 10s).output;
  if (version.find("etcd Version: 3.4.") == std::string::npos)
    SKIP("no old etcd: the one that is installed is not 3.4");
}

std::string watch_from_the_start(const ControlPlane& plane) {
  return plane.client()
      .get(
          "/api/v1/namespaces?watch=1&timeoutSeconds=1&sendInitialEvents=true"
          "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
      .text;
}

}  // namespace

TEST_CASE("an agent works with an etcd that knows no progress of watches", "[kubernetes][agent]") {
  const Programs programs;
  require_old_etcd();
  ControlPlane plane("etcd");
  plane.apply_crds();
  CHECK(watch_from_the_start(plane).find("RequestWatchProgress") != std::string::npos);

  const Workspace workspace(UpstreamSigner::trusted);
  const CoreDns coredns(workspace);
  const auto shop = plane.make_namespace("shop");
  const FakeKubelet node(plane.client(), "old-node");
  const FakePod pod{.namespace_name = shop, .name = "web"};
  deny(plane, shop, {"denied.e2e.test"});
  const SluiceProgram agent(
      workspace, coredns.port(),
      {.policies = settings_of({.node_name = "old-node",
                                .kubeconfig = plane.kubeconfig("admin"),
                                .snapshot_file = workspace.path() / "snapshot"})});
  const auto becomes = [&](const std::string& name, const std::string& rcode) {
    const Target target{pod_address, agent.port("udp")};
    return eventually(patience, [&] { return dig(target, {name}).rcode() == rcode; });
  };
  node.create(pod);
  node.report(pod, {.addresses = {pod_address}});
  CHECK(becomes("denied.e2e.test", "NXDOMAIN"));
  deny(plane, shop, {"allowed.e2e.test"});
  CHECK(becomes("allowed.e2e.test", "NXDOMAIN"));
  CHECK(becomes("denied.e2e.test", "NOERROR"));
  plane.kill_etcd();
  CHECK(becomes("allowed.e2e.test", "NXDOMAIN"));
  plane.restart();
  deny(plane, shop, {"denied.e2e.test"});
  CHECK(becomes("denied.e2e.test", "NXDOMAIN"));
}

}  // namespace sluice::tests
