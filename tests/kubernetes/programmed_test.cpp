// SPDX-License-Identifier: Apache-2.0
// How far policies have come on nodes: agents say so, with the rights that are shipped, and the
// controller counts.
#include <csignal>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/kubernetes/controller_program.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

constexpr auto patience = 40s;

struct World {
  [[nodiscard]] ProgramOptions agent(const std::string& node) const {
    return {.policies = "kubernetes: {nodeName: " + node +
                        ", kubeconfig: " + agents.kubeconfig(node).string() +
                        ", reportNamespace: " + account.namespace_name() +
                        ", reportInterval: 500ms}\n"};
  }
  [[nodiscard]] std::string filters() const {
    return "/apis/sluice.dev/v1alpha1/namespaces/" + shop + "/dnsfilters";
  }
  void put(const std::string& name) const {
    (void)plane.client()
        .post(filters(), "{apiVersion: sluice.dev/v1alpha1, kind: DNSFilter, metadata: {name: " +
                             name + "}, spec: {priority: 1, defaultAction: Deny}}")
        .object();
  }
  void edit(const std::string& name, int priority) const {
    (void)plane.client()
        .patch(filters() + '/' + name,
               R"({"spec": {"priority": )" + std::to_string(priority) + "}}")
        .object();
  }
  /// `True 2 1/1`: Programmed, the generation that it is about, and the nodes; `-` for nothing.
  [[nodiscard]] std::string programmed(const std::string& name) const {
    const auto object = plane.client().get(filters() + '/' + name).object();
    const auto& status = object.at("status").as_object();
    std::string text = "-";
    for (const auto& condition : status.at("conditions").as_array()) {
      if (condition.at("type") != "Programmed") continue;
      text = std::string(condition.at("status").as_string()) + ' ' +
             std::to_string(condition.at("observedGeneration").as_int64());
    }
    const auto* nodes = status.if_contains("nodes");
    return text + ' ' + (nodes == nullptr ? "-" : std::string(nodes->at("summary").as_string()));
  }
  [[nodiscard]] bool becomes(const std::string& name, const std::string& wanted) const {
    return eventually(patience, [&] { return programmed(name) == wanted; });
  }
  [[nodiscard]] std::string shown() const {
    return plane.kubectl({"get", "dnsfilters", "-n", shop}).output;
  }

  ControlPlane& plane = shared_control_plane();
  ControllerAccount account{plane};
  AgentAccount agents{account};
  std::string shop = plane.make_namespace("shop");
};

}  // namespace

TEST_CASE("kubectl shows on how many nodes a filter is in force, and an edit moves it",
          "[kubernetes][programmed]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  Rig rig(UpstreamSigner::trusted, world.agent("node-1"));
  world.put("web");
  const bool is_there = world.becomes("web", "True 1 1/1");
  INFO(controller.log() << rig.sluice.process().errors());
  REQUIRE(is_there);
  const std::string shown = world.shown();
  CHECK_THAT(shown, ContainsSubstring("PROGRAMMED"));
  CHECK_THAT(shown, ContainsSubstring("True    1/1"));

  world.edit("web", 2);
  CHECK(world.becomes("web", "True 2 1/1"));
  CHECK_THAT(controller.get("/metrics"), ContainsSubstring("\nsluice_controller_nodes 1\n"));
}

TEST_CASE("a filter is programmed once every node serves it", "[kubernetes][programmed]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  Rig first(UpstreamSigner::trusted, world.agent("node-1"));
  Rig second(UpstreamSigner::trusted, world.agent("node-2"));
  world.put("web");
  REQUIRE(world.becomes("web", "True 1 2/2"));

  second.sluice.process().signal(SIGSTOP);
  world.edit("web", 2);
  CHECK(world.becomes("web", "Unknown 2 0/2"));
  CHECK_THAT(world.shown(), ContainsSubstring("Unknown"));
  CHECK(eventually(patience, [&] {
    return controller.get("/metrics").find("\nsluice_controller_nodes_outdated 1\n") !=
           std::string::npos;
  }));
  CHECK(world.programmed("web").starts_with("Unknown 2"));
  second.sluice.process().signal(SIGCONT);
  CHECK(world.becomes("web", "True 2 2/2"));
}

TEST_CASE("a controller that begins anew writes nothing where nothing has changed",
          "[kubernetes][programmed]") {
  const World world;
  const Rig rig(UpstreamSigner::trusted, world.agent("node-1"));
  {
    const ControllerProgram controller(world.account, "first");
    world.put("web");
    REQUIRE(world.becomes("web", "True 1 1/1"));
  }
  const auto version = [&] {
    const auto object = world.plane.client().get(world.filters() + "/web").object();
    return std::string(object.at("metadata").at("resourceVersion").as_string());
  };
  const std::string before = version();
  const ControllerProgram controller(world.account, "second");
  world.put("later");
  REQUIRE(world.becomes("later", "True 1 1/1"));
  CHECK(version() == before);
}

}  // namespace sluice::tests
