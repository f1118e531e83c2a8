// SPDX-License-Identifier: Apache-2.0
// kill -9 of API server, etcd, controller and agent, one after the other in an order of chance,
// while two tenants' pods ask all the time. Two agents share the node's port, as maxSurge has it
// for the time of an update: one of them is killed at a time.
#include <algorithm>
#include <csignal>
#include <random>

#include <boost/json.hpp>
#include <catch2/catch_get_random_seed.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/e2e/verdict_load.hpp"
#include "tests/kubernetes/agent_settings.hpp"
#include "tests/kubernetes/chart_accounts.hpp"
#include "tests/kubernetes/controller_program.hpp"
#include "tests/kubernetes/fake_kubelet.hpp"
#include "tests/support/free_port.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;
const std::string node_name = "kill-node";
const std::string shop_pod_address = "127.0.42.1";
const std::string bank_pod_address = "127.0.42.2";

enum class Part { api_server, etcd, controller, agent };

struct World {
  World() {
    for (const auto& [where, address] :
         {std::pair{shop, shop_pod_address}, std::pair{bank, bank_pod_address}}) {
      const FakePod pod{.namespace_name = where, .name = "web"};
      node.create(pod);
      node.report(pod, {.addresses = {address}});
    }
    deny(plane, shop, {"denied.e2e.test"});
    deny(plane, bank, {"allowed.e2e.test"});
    for (int i = 0; i < 2; ++i)
      agents[i] = start_agent(i);
    controller = std::make_unique<ControllerProgram>(account, "only");
  }

  [[nodiscard]] std::filesystem::path snapshot_of(int agent) const {
    return plane.directory().path() / (shop + "-snapshot-" + std::to_string(agent));
  }
  [[nodiscard]] std::unique_ptr<SluiceProgram> start_agent(int number) const {
    return std::make_unique<SluiceProgram>(
        workspace, coredns.port(),
        ProgramOptions{.listeners = "- {name: node, protocol: UDP, address: 127.0.0.1, port: " +
                                    std::to_string(port) + "}\n",
                       .policies = settings_of({node_name, agent_access, snapshot_of(number)})});
  }
  [[nodiscard]] bool have_snapshots() const {
    return file_contains(snapshot_of(0), bank_pod_address) &&
           file_contains(snapshot_of(1), bank_pod_address);
  }

  void kill(Part part, int agent) {
    if (part == Part::api_server) plane.kill_api_server();
    if (part == Part::etcd) plane.kill_etcd();
    if (part == Part::controller) controller.reset();
    if (part == Part::agent) agents[agent].reset();
  }
  void start(Part part, int agent) {
    if (part == Part::api_server || part == Part::etcd) plane.restart();  // both, if both are gone
    if (part == Part::controller) controller = std::make_unique<ControllerProgram>(account, "only");
    if (part == Part::agent) agents[agent] = start_agent(agent);
  }

  /// Without a hand: a tenant's edit has its effect on both agents, and is reported.
  void check_recovered(const std::string& denied) const {
    deny(plane, shop, {"denied.e2e.test", denied});
    const auto is_denied = [&](int agent) {
      const Target target{shop_pod_address, agents[agent]->port("udp")};
      return dig(target, {denied}).rcode() == "NXDOMAIN";
    };
    for (int i = 0; i < 2; ++i)
      CHECK(eventually(patience, [&] { return is_denied(i); }));
    CHECK(eventually(patience, [&] { return is_reported(); }));
  }
  [[nodiscard]] bool is_reported() const {
    const auto filter = plane.client()
                            .get("/apis/sluice.dev/v1alpha1/namespaces/" + shop + "/dnsfilters/web")
                            .object();
    const auto* status = filter.as_object().if_contains("status");
    if (status == nullptr || !status->as_object().contains("observedGeneration")) return false;
    return status->at("observedGeneration") == filter.at("metadata").at("generation");
  }

  Programs programs;
  ControlPlane& plane = shared_control_plane();
  FakeKubelet node{plane.client(), node_name};
  ChartAccounts accounts{plane};
  std::filesystem::path agent_access = accounts.kubeconfig("sluice-agent");
  ControllerAccount account{plane};
  Workspace workspace{UpstreamSigner::trusted};
  CoreDns coredns{workspace};
  std::uint16_t port = likely_free_port();
  std::string shop = plane.make_namespace("shop");
  std::string bank = plane.make_namespace("bank");
  std::unique_ptr<SluiceProgram> agents[2];
  std::unique_ptr<ControllerProgram> controller;
};

void check(const VerdictLoad::Result& result) {
  INFO(result.answered << " answered, " << result.asked_again << " of them asked again, "
                       << result.first_wrong);
  CHECK(result.answered > 200);
  CHECK(result.lost == 0);
  CHECK(result.wrong == 0);
}

}  // namespace

TEST_CASE("whatever is killed, in any order, no verdict is wrong and no query lost",
          "[kubernetes][kill]") {
  World world;
  REQUIRE(eventually(patience, [&] { return world.have_snapshots(); }));
  VerdictLoad shop({shop_pod_address, world.port},
                   {.denied = "denied.e2e.test", .allowed = "*.wild.e2e.test"});
  VerdictLoad bank({bank_pod_address, world.port},
                   {.denied = "allowed.e2e.test", .allowed = "denied.e2e.test"});
  const auto seed = Catch::getSeed();
  std::mt19937 chance(seed);
  std::vector parts{Part::api_server, Part::etcd, Part::controller, Part::agent};
  for (int round = 0; round < 3; ++round) {
    INFO("seed " << seed << ", round " << round);
    std::ranges::shuffle(parts, chance);
    for (const Part part : parts) {
      world.kill(part, round % 2);
      std::this_thread::sleep_for(std::chrono::milliseconds(chance() % 300));
    }
    std::ranges::shuffle(parts, chance);
    for (const Part part : parts)
      world.start(part, round % 2);
    world.check_recovered("round" + std::to_string(round) + ".e2e.test");
  }
  check(shop.finish());
  check(bank.finish());
}

}  // namespace sluice::tests
