// SPDX-License-Identifier: Apache-2.0
// An agent with no more rights than its own service account has, through what happens to a cluster:
// its token is void, its roles are missing, kinds go and come back, objects are replaced unseen.
// What is in force stays in force meanwhile.
#include <csignal>
#include <ctime>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/kubernetes/agent_settings.hpp"
#include "tests/kubernetes/chart_accounts.hpp"
#include "tests/kubernetes/fake_kubelet.hpp"
#include "tests/kubernetes/movable_clock.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

// The longest pause of a watch between two attempts, twice: behind a refusal may come a relist.
constexpr auto patience = 90s;
const std::string account = "sluice-agent";
const std::string bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/sluice-agent";
const std::string filters_crd =
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/dnsfilters.sluice.dev";

std::string next_address() {
  static int last = 0;
  return "127.0.43." + std::to_string(++last);
}

/// A pod, its tenant's filter, and whoever takes care of both.
struct Cluster {
  Cluster() {
    node.create(pod);
    node.report(pod, {.addresses = {address}});
    deny(plane, shop, {"denied.e2e.test"});
  }

  void remove(const std::string& path) const { (void)plane.client().remove(path).object(); }
  void restart_api_server() const {
    plane.kill_api_server();
    plane.restart();
  }

  Programs programs;
  ControlPlane& plane = shared_control_plane();
  ChartAccounts accounts{plane};
  std::string shop = plane.make_namespace("shop");
  std::string address = next_address();
  FakeKubelet node{plane.client(), shop};  // one of its own
  FakePod pod{.namespace_name = shop, .name = "web"};
  Workspace workspace{UpstreamSigner::trusted};
  CoreDns coredns{workspace};
};

struct Agent {
  explicit Agent(const Cluster& cluster)
      : cluster_(cluster),
        sluice(
            cluster.workspace, cluster.coredns.port(),
            {.policies = settings_of({.node_name = cluster.shop,
                                      .kubeconfig = cluster.accounts.kubeconfig(account),
                                      .snapshot_file = cluster.workspace.path() / "snapshot"})}) {}

  [[nodiscard]] std::string ask(const std::string& name) const {
    return dig({cluster_.address, sluice.port("udp")}, {name + ".e2e.test"}).rcode();
  }
  [[nodiscard]] bool answers(const std::string& name, const std::string& rcode) const {
    return eventually(patience, [&] { return ask(name) == rcode; });
  }
  /// With the program's log, where that does not come true.
  void check_becomes(const std::string& name, const std::string& rcode) {
    const bool does = answers(name, rcode);
    INFO(sluice.process().errors());
    CHECK(does);
  }
  void check_in_force() const {
    CHECK(ask("denied") == "NXDOMAIN");
    CHECK(ask("allowed") == "NOERROR");
  }

  const Cluster& cluster_;
  SluiceProgram sluice;
};

std::string hour_of(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  char text[3] = {};
  std::strftime(text, sizeof text, "%H", gmtime_r(&seconds, &parts));
  return text;
}

}  // namespace

TEST_CASE("the agent's own account is enough, and its token may be renewed or void",
          "[kubernetes][agent][rbac]") {
  const Cluster cluster;
  Agent agent(cluster);
  REQUIRE(agent.answers("denied", "NXDOMAIN"));
  // Requests with the token in the file are refused from here on; watches that are open go on until
  // the API server ends them.
  cluster.accounts.replace(account);
  cluster.restart_api_server();
  CHECK(agent.sluice.process().wait_for_output("401", patience));
  agent.check_in_force();
  cluster.accounts.renew_token(account);
  deny(cluster.plane, cluster.shop, {"allowed.e2e.test"});
  agent.check_becomes("allowed", "NXDOMAIN");
  agent.check_becomes("denied", "NOERROR");
}

TEST_CASE("an agent whose roles are missing serves when they are there",
          "[kubernetes][agent][rbac]") {
  const Cluster cluster;
  const auto binding = cluster.plane.client().get(bindings).object();
  Agent agent(cluster);
  REQUIRE(agent.answers("denied", "NXDOMAIN"));
  cluster.remove(bindings);
  cluster.restart_api_server();
  CHECK(agent.sluice.process().wait_for_output("403", patience));
  agent.check_in_force();
  auto again = binding.as_object();
  again["metadata"] = {{"name", account}};
  (void)cluster.plane.client()
      .post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", boost::json::serialize(again))
      .object();
  deny(cluster.plane, cluster.shop, {"allowed.e2e.test"});
  agent.check_becomes("allowed", "NXDOMAIN");
}

TEST_CASE("a kind that is deleted and made again is watched again", "[kubernetes][agent]") {
  const Cluster cluster;
  Agent agent(cluster);
  REQUIRE(agent.answers("denied", "NXDOMAIN"));
  cluster.remove(filters_crd);
  REQUIRE(
      eventually(patience, [&] { return cluster.plane.client().get(filters_crd).status == 404; }));
  // Its objects went with it: somebody deleted them.
  agent.check_becomes("denied", "NOERROR");
  CHECK(agent.ask("allowed") == "NOERROR");
  cluster.plane.apply_crds();
  deny(cluster.plane, cluster.shop, {"allowed.e2e.test"});
  agent.check_becomes("allowed", "NXDOMAIN");
}

TEST_CASE("a clock that jumps an hour changes nothing", "[kubernetes][agent]") {
  const Cluster cluster;
  const MovableClock clock(cluster.workspace.path() / "clock");
  Agent agent(cluster);
  clock.apply_to_nothing_else();
  REQUIRE(agent.answers("denied", "NXDOMAIN"));
  std::string denied = "denied";
  for (const auto& [offset, name] : {std::pair{"+3600", "ahead"}, std::pair{"-3600", "behind"}}) {
    clock.move(offset);
    CHECK(agent.ask(denied) == "NXDOMAIN");
    CHECK(agent.ask("allowed") == "NOERROR");
    CHECK(agent.ask(std::string("a.wild")) == "NOERROR");
    CHECK(agent.sluice.get("/readyz").find(" 200 ") != std::string::npos);
    deny(cluster.plane, cluster.shop, {std::string(name) + ".e2e.test"});
    agent.check_becomes(name, "NXDOMAIN");
    denied = name;
  }
  agent.sluice.process().signal(SIGTERM);
  CHECK(agent.sluice.process().wait(10s) == 0);
  const std::string log = agent.sluice.process().errors();
  INFO(log);
  CHECK(log.find("T" + hour_of(std::chrono::system_clock::now() - 1h) + ":",
                 log.find("draining") - 90) < log.find("draining"));
}

TEST_CASE("objects that were replaced while nobody looked are other objects",
          "[kubernetes][agent]") {
  const Cluster cluster;
  Agent agent(cluster);
  REQUIRE(agent.answers("denied", "NXDOMAIN"));
  // The agent sees neither deletion nor addition: when it wakes up, its watches have ended with the
  // API server, and what they would resume from is gone.
  agent.sluice.process().signal(SIGSTOP);
  cluster.remove("/apis/sluice.dev/v1alpha1/namespaces/" + cluster.shop + "/dnsfilters/web");
  cluster.node.remove(cluster.pod);
  deny(cluster.plane, cluster.shop, {"allowed.e2e.test"});
  cluster.node.create(cluster.pod);
  const auto address = next_address();
  cluster.node.report(cluster.pod, {.addresses = {address}});
  cluster.restart_api_server();
  agent.sluice.process().signal(SIGCONT);
  agent.check_becomes("allowed", "REFUSED");  // nobody has this address any more
  const Target target{address, agent.sluice.port("udp")};
  CHECK(eventually(patience,
                   [&] { return dig(target, {"allowed.e2e.test"}).rcode() == "NXDOMAIN"; }));
  CHECK(dig(target, {"denied.e2e.test"}).rcode() == "NOERROR");
}

}  // namespace sluice::tests
