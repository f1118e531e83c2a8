// SPDX-License-Identifier: Apache-2.0
// Sluice as a node's agent: policies, namespaces and pods come from a real API server, queries from
// real clients, answers from a real CoreDNS. Pods have addresses of loopback.
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/kubernetes/control_plane.hpp"
#include "tests/kubernetes/fake_kubelet.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

std::string read_text(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

constexpr auto patience =
    20s;  // a change has its effect within a second, but not while others build
const std::string node_name = "agent-node";

/// Pods of other tests are still there: each test has an address of its own.
std::string next_address() {
  static int last = 0;
  return "127.0.41." + std::to_string(++last);
}

std::string filter(const std::string& namespace_name, const std::string& denied) {
  return R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSFilter", "metadata": {"name": "web",
    "namespace": ")" +
         namespace_name + R"("}, "spec": {"rules": [
    {"name": "closed", "action": "Deny", "domains": [")" +
         denied + R"("]}]}})";
}

std::filesystem::path snapshot_of(const ControlPlane& plane) {
  return plane.directory().path() / "snapshot";
}

ProgramOptions live(const ControlPlane& plane) {
  return {.policies = "kubernetes: {nodeName: " + node_name +
                      ", kubeconfig: " + plane.kubeconfig("admin").string() +
                      ", snapshotFile: " + snapshot_of(plane).string() + "}\n"};
}

/// A control plane, and an agent that is in sync with it.
struct Agent {
  [[nodiscard]] std::string ask(const std::string& from, const std::string& name) const {
    return dig(rig.udp(from), {name}).rcode();
  }
  [[nodiscard]] bool answers(const std::string& from, const std::string& name,
                             const std::string& rcode) const {
    return eventually(patience, [&] { return ask(from, name) == rcode; });
  }
  void put(const std::string& namespace_name, const std::string& denied) const {
    const std::string path =
        "/apis/sluice.dev/v1alpha1/namespaces/" + namespace_name + "/dnsfilters";
    const auto made = plane.client().post(path, filter(namespace_name, denied));
    if (made.status == 409)
      (void)plane.client().patch(path + "/web", filter(namespace_name, denied)).object();
  }
  void run(const FakePod& pod, const PodReport& report) const {
    node.create(pod);
    node.report(pod, report);
  }

  ControlPlane& plane = shared_control_plane();
  FakeKubelet node{plane.client(), node_name};
  Rig rig{UpstreamSigner::trusted, live(plane)};
  std::string address = next_address();
  std::string shop = plane.make_namespace("shop");
  std::string bank = plane.make_namespace("bank");
};

}  // namespace

TEST_CASE("a tenant's edit changes answers for its pods", "[kubernetes][agent]") {
  const Agent agent;
  CHECK(agent.ask(agent.address, "allowed.e2e.test") == "REFUSED");  // nobody is there
  agent.run({.namespace_name = agent.shop, .name = "web"}, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
  agent.put(agent.shop, "allowed.e2e.test");
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NXDOMAIN"));
  agent.put(agent.shop, "denied.e2e.test");
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
  CHECK(agent.answers(agent.address, "denied.e2e.test", "NXDOMAIN"));
}

TEST_CASE("a sidecar knows its pod from files and its policies from the API server",
          "[kubernetes][agent]") {
  auto& plane = shared_control_plane();
  const std::string shop = plane.make_namespace("shop");
  (void)plane.client()
      .post("/apis/sluice.dev/v1alpha1/namespaces/" + shop + "/dnsfilters",
            R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSFilter",
                "metadata": {"name": "checkout"}, "spec": {
                  "podSelector": {"matchLabels": {"app": "checkout"}},
                  "rules": [{"name": "closed", "action": "Deny", "domains": ["denied.e2e.test"]}]}})")
      .object();
  const TemporaryDirectory podinfo;
  podinfo.write("namespace", shop);
  podinfo.write("labels", "app=\"checkout\"\n");
  const Rig rig(
      UpstreamSigner::trusted,
      {.identity = "  pod: {namespaceFile: " + (podinfo.path() / "namespace").string() +
                   ", labelsFile: " + (podinfo.path() / "labels").string() + "}\n",
       .policies = "kubernetes: {kubeconfig: " + plane.kubeconfig("admin").string() + "}\n"});
  const auto answers = [&](const std::string& name, const std::string& rcode) {
    return eventually(patience, [&] { return dig(rig.udp("127.0.0.1"), {name}).rcode() == rcode; });
  };
  CHECK(dig(rig.udp("127.0.0.1"), {"denied.e2e.test"}).rcode() == "NXDOMAIN");
  CHECK(dig(rig.tcp("127.0.0.1"), {"allowed.e2e.test", "+tcp"}).rcode() == "NOERROR");
  podinfo.write("labels", "app=\"batch\"\n");
  CHECK(answers("denied.e2e.test", "NOERROR"));
  podinfo.write("labels", "app=\"checkout\"\n");
  CHECK(answers("denied.e2e.test", "NXDOMAIN"));
}

TEST_CASE("an address is its next pod's as soon as the last one is done", "[kubernetes][agent]") {
  const Agent agent;
  agent.put(agent.shop, "allowed.e2e.test");
  const FakePod job{.namespace_name = agent.shop, .name = "job"};
  agent.run(job, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NXDOMAIN"));

  agent.node.report(job, {.phase = "Succeeded", .addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "REFUSED"));
  agent.run({.namespace_name = agent.bank, .name = "web"}, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
}

TEST_CASE("an address that two running pods claim is nobody's", "[kubernetes][agent]") {
  const Agent agent;
  const FakePod one{.namespace_name = agent.shop, .name = "one"};
  const FakePod two{.namespace_name = agent.bank, .name = "two"};
  agent.run(one, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
  agent.run(two, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "REFUSED"));
  agent.node.begin_deletion(one);
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
}

TEST_CASE("an agent explains itself to who has a pod's name, or an address from its log",
          "[kubernetes][agent]") {
  Agent agent;
  agent.put(agent.shop, "denied.e2e.test");
  agent.run({.namespace_name = agent.shop, .name = "web"}, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "denied.e2e.test", "NXDOMAIN"));
  for (const std::string& asker : {"pod=" + agent.shop + "/web", "client=" + agent.address}) {
    const auto report = agent.rig.sluice.get("/api/v1/explain?name=denied.e2e.test&" + asker);
    CHECK(report.find("\"action\":\"Deny\"") != std::string::npos);
    CHECK(report.find("\"knownBy\":\"pod\",\"pod\":\"web\"") != std::string::npos);
  }
  // What was denied is logged, with the pod that asked.
  const std::string logged = "\"pod\":\"web\",\"client\":\"" + agent.address + '"';
  CHECK(agent.rig.sluice.process().wait_for_output(logged, patience));
}

TEST_CASE("policy and pods stay in force while the API server is gone", "[kubernetes][agent]") {
  const Agent agent;
  agent.put(agent.shop, "denied.e2e.test");
  agent.run({.namespace_name = agent.shop, .name = "web"}, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "denied.e2e.test", "NXDOMAIN"));
  agent.plane.kill_api_server();
  CHECK(agent.ask(agent.address, "denied.e2e.test") == "NXDOMAIN");
  CHECK(agent.ask(agent.address, "allowed.e2e.test") == "NOERROR");
  agent.plane.kill_etcd();
  agent.plane.restart();
  CHECK(agent.ask(agent.address, "denied.e2e.test") == "NXDOMAIN");
  agent.put(agent.shop, "allowed.e2e.test");
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NXDOMAIN"));
}

TEST_CASE("an agent that starts without an API server serves with what it said last",
          "[kubernetes][agent]") {
  auto& plane = shared_control_plane();
  std::string address;
  {
    const Agent agent;
    address = agent.address;
    agent.put(agent.shop, "denied.e2e.test");
    agent.run({.namespace_name = agent.shop, .name = "web"}, {.addresses = {address}});
    CHECK(agent.answers(address, "denied.e2e.test", "NXDOMAIN"));
    CHECK(eventually(patience, [&] {
      return read_text(snapshot_of(plane)).find(address) != std::string::npos;
    }));
  }
  plane.kill_api_server();
  {
    const Rig rig(UpstreamSigner::trusted, live(plane));
    CHECK(dig(rig.udp(address), {"denied.e2e.test"}).rcode() == "NXDOMAIN");
    CHECK(dig(rig.udp(address), {"allowed.e2e.test"}).rcode() == "NOERROR");
    CHECK(dig(rig.udp("127.0.41.250"), {"allowed.e2e.test"}).rcode() == "REFUSED");
  }
  plane.restart();
}

TEST_CASE("a namespace that gets another label is another tenant's", "[kubernetes][agent]") {
  const Agent agent;
  (void)agent.plane.client()
      .post("/apis/sluice.dev/v1alpha1/dnstenants",
            R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSTenant",
                "metadata": {"name": "strict"},
                "spec": {"namespaceSelector": {"matchLabels": {"strict": "yes"}}}})")
      .object();
  (void)agent.plane.client()
      .post("/apis/sluice.dev/v1alpha1/clusterdnsfilters",
            R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "ClusterDNSFilter",
                "metadata": {"name": "strict"},
                "spec": {"tier": "Admin", "subject": {"tenantNames": ["strict"]}, "rules": [
                  {"name": "all", "action": "Deny", "domains": ["allowed.e2e.test"]}]}})")
      .object();
  agent.run({.namespace_name = agent.shop, .name = "web"}, {.addresses = {agent.address}});
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
  (void)agent.plane.client()
      .patch("/api/v1/namespaces/" + agent.shop, R"({"metadata": {"labels": {"strict": "yes"}}})")
      .object();
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NXDOMAIN"));
  (void)agent.plane.client().remove("/apis/sluice.dev/v1alpha1/clusterdnsfilters/strict").object();
  (void)agent.plane.client().remove("/apis/sluice.dev/v1alpha1/dnstenants/strict").object();
  CHECK(agent.answers(agent.address, "allowed.e2e.test", "NOERROR"));
}

}  // namespace sluice::tests
