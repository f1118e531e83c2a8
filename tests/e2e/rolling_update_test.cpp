// SPDX-License-Identifier: Apache-2.0
// What maxSurge does to an agent on the node's network: the new process serves on the same address
// and port before the old one is told to end. Nobody's query is lost meanwhile.
#include <csignal>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/e2e/stream_load.hpp"
#include "tests/support/free_port.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

const std::string client = "127.0.11.5";  // of shop-prod, which has no filter

/// Cached ones, new ones, and slow ones of half a second each.
std::vector<std::string> mixed_names() {
  std::vector<std::string> names;
  for (int i = 0; i < 4000; ++i) {
    names.emplace_back("allowed.e2e.test");
    names.push_back("n" + std::to_string(i) + ".wild.e2e.test");
    if (i % 50 == 0) names.push_back("n" + std::to_string(i) + ".slow.e2e.test");
  }
  return names;
}

/// A node with ports of its own, and one agent or two on them.
struct Node {
  [[nodiscard]] std::unique_ptr<SluiceProgram> start_agent() const {
    const std::string where = ", address: 127.0.0.1, port: ";
    const std::string tls =
        ", tls: {certificateFile: " + workspace.sluice().certificate_file.string() +
        ", privateKeyFile: " + workspace.sluice().private_key_file.string() + "}}\n";
    return std::make_unique<SluiceProgram>(
        workspace, coredns.port(),
        ProgramOptions{
            .listeners = "- {name: node-udp, protocol: UDP" + where + std::to_string(udp_port) +
                         "}\n- {name: node-tcp, protocol: TCP" + where + std::to_string(tcp_port) +
                         "}\n- {name: node-tls, protocol: TLS" + where + std::to_string(tls_port) +
                         tls + "- {name: node-https, protocol: HTTPS" + where +
                         std::to_string(https_port) + tls});
  }

  /// One after the other: the next serves, then the last is told to end.
  void roll(int times) {
    for (int i = 0; i < times; ++i) {
      auto next = start_agent();
      agent->process().signal(SIGTERM);
      const auto asked_at = std::chrono::steady_clock::now();
      CHECK(agent->process().wait(10s) == 0);
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - asked_at);
      UNSCOPED_INFO("ended after " << took.count() << " ms");
      agent = std::move(next);
    }
  }

  Programs programs;
  Workspace workspace{UpstreamSigner::trusted};
  CoreDns coredns{workspace};
  std::uint16_t udp_port = likely_free_port();
  std::uint16_t tcp_port = likely_free_port();
  std::uint16_t tls_port = likely_free_port();
  std::uint16_t https_port = likely_free_port();
  std::unique_ptr<SluiceProgram> agent;
};

struct WithPolicies : Node {
  WithPolicies() {
    workspace.write("policies/shop.yaml", shop_filter("denied"));
    agent = start_agent();
  }
};

}  // namespace

TEST_CASE_METHOD(WithPolicies, "a rolling update loses no query over UDP", "[e2e][update]") {
  Load load(workspace, {client, udp_port},
            {.names = mixed_names(), .seconds = 6, .queries_per_second = 2000, .clients = 100});
  roll(3);
  const auto result = load.finish();
  INFO("UDP: " << result.sent << " sent, " << result.lost << " lost");
  CHECK(result.sent > 1000);
  CHECK(result.lost == 0);
}

TEST_CASE_METHOD(WithPolicies, "a rolling update loses no query over TCP, DoT and DoH",
                 "[e2e][update]") {
  StreamLoad tcp(workspace, {client, tcp_port}, {.names = mixed_names()});
  StreamLoad tls(workspace, {client, tls_port},
                 {.names = mixed_names(), .protocol = StreamLoad::Protocol::tls});
  StreamLoad https(workspace, {client, https_port},
                   {.names = mixed_names(), .protocol = StreamLoad::Protocol::https});
  std::this_thread::sleep_for(1s);
  roll(3);
  std::this_thread::sleep_for(1s);
  for (StreamLoad* load : {&tcp, &tls, &https}) {
    const auto result = load->finish();
    INFO("streams: " << result.answered << " answered, " << result.asked_again
                     << " of them asked again, " << result.lost << " lost");
    CHECK(result.answered > 500);
    CHECK(result.lost == 0);
  }
}

TEST_CASE("an agent tells by its own file when it serves", "[e2e][update]") {
  const Rig rig;
  const auto start = [&](const std::string& settings, const std::string& ready_file) {
    return Process(
        {.arguments = {SLUICE_PROGRAM, "serve", "--config", settings, "--ready-file", ready_file},
         .environment = {},
         .directory = rig.workspace.path()});
  };
  const auto is_ready = [&](const std::string& file) {
    return run({.arguments = {SLUICE_PROGRAM, "ready", file},
                .environment = {},
                .directory = rig.workspace.path()},
               10s)
               .exit_code == 0;
  };
  rig.workspace.write("left", "by a process that was killed");
  rig.workspace.write("waiting.yaml",
                      "upstreams: [{name: cluster, transport: UDP, endpoints: [{address: "
                      "127.0.0.1, port: 9}]}]\nlisteners: [{protocol: UDP, address: 127.0.0.1, "
                      "port: 5399}]\nkubernetes: {nodeName: node, kubeconfig: nowhere.yaml}\n"
                      "admin: {address: 127.0.0.1, port: 0}\n");
  rig.workspace.write("nowhere.yaml",
                      "current-context: x\nclusters: [{name: c, cluster: {server: "
                      "'https://127.0.0.1:9', certificate-authority: " +
                          rig.workspace.authority().string() +
                          "}}]\nusers: [{name: u, user: {token: t}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n");
  Process serving = start("sluice.yaml", "ready");
  Process waiting = start("waiting.yaml", "left");
  CHECK(serving.wait_for_output("\"message\":\"ready\"", 20s));
  CHECK(eventually(10s, [&] { return is_ready("ready"); }));
  CHECK(eventually(10s, [&] { return !is_ready("left"); }));
  CHECK_FALSE(waiting.wait(0ms));  // not because it ended
  serving.signal(SIGTERM);
  CHECK(serving.wait(10s) == 0);
  CHECK_FALSE(is_ready("ready"));
}

}  // namespace sluice::tests
