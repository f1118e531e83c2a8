// SPDX-License-Identifier: Apache-2.0
// A whole node: pods are network namespaces with addresses of their own, a kubelet that is not real
// reports them, and the agent listens where the chart's set-up container has put its addresses.
// Alone in its program, because all of it lives in namespaces of the process.
#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/deploy/manifests.hpp"
#include "tests/e2e/pod_network.hpp"
#include "tests/e2e/rig.hpp"
#include "tests/kubernetes/agent_settings.hpp"
#include "tests/kubernetes/bridge_network.hpp"
#include "tests/kubernetes/chart_accounts.hpp"
#include "tests/kubernetes/fake_kubelet.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;
const std::string node_name = "bridge-node";
const std::string link_local = "169.254.20.10";
const std::string cluster_dns = "10.96.0.10";
const std::string v6_address = "fd00:169:254::10";

// In the place of kube-proxy: whoever asks the cluster's resolver would get to a pod that is not
// there, if that traffic were tracked.
constexpr const char* kube_proxy = R"(table ip kube_proxy {
  chain prerouting {
    type nat hook prerouting priority dstnat
    ip daddr 10.96.0.10 udp dport 53 dnat to 10.88.0.99
  }
})";

/// ADDRESSES of the set-up container, as the chart renders it, and one of the other family.
std::string addresses_to_set_up() {
  const auto objects = render_chart({"--values", chart_directory / "ci/nodelocal-values.yaml"});
  for (const auto& object : objects) {
    if (kind_of(object) != "DaemonSet") continue;
    for (const auto& variable : object["spec"]["template"]["spec"]["initContainers"][0]["env"]) {
      if (variable["name"].as<std::string>() == "ADDRESSES")
        return variable["value"].as<std::string>() + ' ' + v6_address;
    }
  }
  throw std::runtime_error("the chart sets no addresses up");
}

Command netsetup(const std::string& command) {
  static const std::string addresses = addresses_to_set_up();
  return {.arguments = {SLUICE_SOURCE_DIR "/docker/netsetup", command},
          .environment = {{"ADDRESSES", addresses}, {"PORTS", "53 853"}},
          .directory = {}};
}

std::string listeners() {
  std::string text;
  int number = 0;
  for (const std::string& address : {link_local, cluster_dns, v6_address})
    for (const char* protocol : {"UDP", "TCP"})
      text += "- {name: pods-" + std::to_string(++number) + ", protocol: " + protocol +
              ", address: '" + address + "', port: 53}\n";
  return text;
}

/// Before anything else is started: what is started later lives on this node.
struct Namespaces {
  Namespaces() {
    if (const auto reason = reason_without_control_plane()) SKIP(*reason);
    if (const auto reason = missing_network_program()) SKIP(*reason);
    enter_pod_network();
  }
};

struct Node : Namespaces {
  Node() {
    const bool is_set_up =
        eventually(10s, [] { return run(netsetup("check"), 10s).exit_code == 0; });
    INFO(setup.errors());
    REQUIRE(is_set_up);
    workspace.write("kube-proxy.nft", kube_proxy);
    run_or_throw({"nft", "-f", workspace.path() / "kube-proxy.nft"});
    for (const auto& [where, denied] : {std::pair{shop, "denied"}, std::pair{bank, "allowed"}})
      deny(plane, where, {std::string(denied) + ".e2e.test"});
    agent = std::make_unique<SluiceProgram>(
        workspace, coredns.port(),
        ProgramOptions{.listeners = listeners(),
                       .policies = settings_of({.node_name = node_name,
                                                .kubeconfig = accounts.kubeconfig("sluice-agent"),
                                                .snapshot_file = workspace.path() / "snapshot"})});
  }

  void report(const FakePod& pod, const std::vector<std::string>& addresses) const {
    kubelet.create(pod);
    kubelet.report(pod, {.addresses = addresses});
  }

  Programs programs;
  BridgeNetwork network;
  Process setup{netsetup("hold")};
  ControlPlane& plane = shared_control_plane();
  ChartAccounts accounts{plane};
  FakeKubelet kubelet{plane.client(), node_name};
  Workspace workspace{UpstreamSigner::trusted};
  CoreDns coredns{workspace};
  std::string shop = plane.make_namespace("shop");
  std::string bank = plane.make_namespace("bank");
  std::unique_ptr<SluiceProgram> agent;
};

/// By all ways that a pod has to its resolver.
void check(const BridgedPod& pod, const std::string& name, const std::string& rcode) {
  for (const std::string& server : {link_local, cluster_dns, v6_address})
    for (const char* transport : {"+notcp", "+tcp"}) {
      INFO(name << " at " << server << ' ' << transport);
      CHECK(pod.dig(server, {name + ".e2e.test", transport}).rcode() == rcode);
    }
}

bool becomes(const BridgedPod& pod, const std::string& name, const std::string& rcode) {
  return eventually(patience, [&] {
    return pod.dig(link_local, {name + ".e2e.test"}).rcode() == rcode &&
           pod.dig(v6_address, {name + ".e2e.test"}).rcode() == rcode;
  });
}

}  // namespace

TEST_CASE("pods with addresses of their own get their own tenants' verdicts",
          "[kubernetes][network]") {
  const Node node;
  const std::vector<std::string> first{"10.88.0.5", "fd00:88::5"};
  const std::vector<std::string> second{"10.88.0.6", "fd00:88::6"};
  const FakePod web{.namespace_name = node.shop, .name = "web"};
  const FakePod teller{.namespace_name = node.bank, .name = "teller"};
  auto web_pod = std::make_unique<BridgedPod>(node.network, first);
  const BridgedPod teller_pod(node.network, second);
  check(*web_pod, "allowed", "REFUSED");  // nobody has reported it
  node.report(web, first);
  node.report(teller, second);
  CHECK(becomes(*web_pod, "denied", "NXDOMAIN"));
  CHECK(becomes(teller_pod, "allowed", "NXDOMAIN"));
  check(*web_pod, "denied", "NXDOMAIN");
  check(*web_pod, "allowed", "NOERROR");
  check(teller_pod, "allowed", "NXDOMAIN");
  check(teller_pod, "denied", "NOERROR");

  // The next pod with these addresses is the bank's.
  node.kubelet.report(web, {.phase = "Succeeded", .addresses = first});
  web_pod.reset();
  const BridgedPod vault_pod(node.network, first);
  CHECK(becomes(vault_pod, "allowed", "REFUSED"));
  node.report({.namespace_name = node.bank, .name = "vault"}, first);
  CHECK(becomes(vault_pod, "allowed", "NXDOMAIN"));
  check(vault_pod, "denied", "NOERROR");
}

}  // namespace sluice::tests
