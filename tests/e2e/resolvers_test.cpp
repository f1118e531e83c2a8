// SPDX-License-Identifier: Apache-2.0
// The resolvers that are in people's containers, with the resolv.conf that the kubelet gives them:
// they ask all search domains first (ndots:5), and one answer that is neither data nor "no such
// name" would end their search.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/pod_network.hpp"
#include "tests/e2e/rig.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr const char* resolv_conf =
    "nameserver 127.0.0.1\n"
    "search payments.svc.cluster.local svc.cluster.local cluster.local\n"
    "options ndots:5\n";

// Whoever asks at port 53 is a pod of payments.
const ProgramOptions as_payments{
    .listeners =
        "- {name: pod-udp, protocol: UDP, address: 127.0.0.1, port: 53}\n"
        "- {name: pod-tcp, protocol: TCP, address: 127.0.0.1, port: 53}\n",
    .identities = "  - {namespace: payments, listeners: [pod-udp, pod-tcp]}\n"};

constexpr const char* payments_filter = R"(apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: egress, namespace: payments}
spec:
  rules:
  - {name: psp, action: Allow, domains: [api.psp.example]}
  defaultAction: Deny
)";

struct Resolver {
  std::string compiler;
  std::vector<std::string> build;  ///< the compiler's arguments but for its source
  std::string source;
};

const Resolver glibc{"cc", {"-o", "lookup"}, "lookup.c"};
const Resolver musl{"musl-gcc", {"-static", "-o", "lookup"}, "lookup.c"};
const Resolver go{"go", {"build", "-o", "lookup"}, "lookup.go"};

void build(const Resolver& resolver, const Workspace& workspace) {
  if (!has_program(resolver.compiler)) SKIP(resolver.compiler << " is not installed");
  std::vector<std::string> arguments{resolver.compiler};
  arguments.insert(arguments.end(), resolver.build.begin(), resolver.build.end());
  arguments.push_back(SLUICE_SOURCE_DIR "/tests/e2e/resolvers/" + resolver.source);
  const auto outcome = run({.arguments = arguments,
                            .environment = {{"CGO_ENABLED", "0"}, {"GOFLAGS", ""}},
                            .directory = workspace.path()},
                           100s);
  INFO(outcome.errors);
  REQUIRE(outcome.exit_code == 0);
}

void check_search(const Resolver& resolver) {
  enter_pod_network();
  Rig rig(UpstreamSigner::trusted, as_payments);
  build(resolver, rig.workspace);
  rig.workspace.write("policies/payments.yaml", payments_filter);
  use_resolv_conf(rig.workspace, resolv_conf);
  const auto look_up = [&](const std::string& name) {
    const std::string program = rig.workspace.path() / "lookup";
    return run({.arguments = {program, name}, .environment = {}, .directory = {}}, 20s).output;
  };
  CHECK(eventually(10s, [&] { return look_up("api.psp.example") == "192.0.2.50\n"; }));
  CHECK(look_up("orders") == "10.96.0.9\n");
  CHECK(look_up("orders.payments") == "10.96.0.9\n");
  CHECK(look_up("www.example") == "no such name\n");  // denied by default
  CHECK(look_up("orders.nowhere") == "no such name\n");
}

}  // namespace

TEST_CASE("glibc's resolver goes on to the real name under default deny", "[e2e][resolvers]") {
  check_search(glibc);
}

TEST_CASE("musl's resolver goes on to the real name under default deny", "[e2e][resolvers]") {
  check_search(musl);
}

TEST_CASE("Go's resolver goes on to the real name under default deny", "[e2e][resolvers]") {
  check_search(go);
}

}  // namespace sluice::tests
