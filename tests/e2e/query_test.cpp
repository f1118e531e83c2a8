// SPDX-License-Identifier: Apache-2.0
// `sluice query` as a client of a running Sluice, and of CoreDNS over HTTPS.
#include <csignal>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/e2e/rig.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Arguments = std::vector<std::string>;

Outcome query(std::uint16_t port, const Arguments& arguments) {
  Arguments all{SLUICE_PROGRAM,       "query",     "@127.0.0.1", "-p",
                std::to_string(port), "--timeout", "6s"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run({.arguments = all, .environment = {}, .directory = {}}, 20s);
}

Arguments verified(const Rig& rig, const std::string& name) {
  return {"--ca-file", rig.workspace.authority().string(), "--server-name", name};
}

Arguments operator+(Arguments left, const Arguments& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

}  // namespace

TEST_CASE("sluice query shows the verdict over every transport of Sluice", "[e2e][query]") {
  const Rig rig;
  const Arguments question{"-b", shop_pod, "denied.e2e.test", "A"};
  struct Case {
    std::string listener;
    Arguments arguments;
  };
  const std::vector<Case> cases{{"udp", {"--udp"}},
                                {"tcp", {"--tcp"}},
                                {"tls", Arguments{"--tls"} + verified(rig, "sluice.test")},
                                {"https", Arguments{"--https"} + verified(rig, "sluice.test")}};
  for (const auto& [listener, arguments] : cases) {
    const auto outcome = query(rig.sluice.port(listener), question + arguments);
    INFO(listener << outcome.errors);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.output, ContainsSubstring("denied.e2e.test. A: NXDOMAIN, denied\nEDE 17 "
                                                 "(Filtered): DNSFilter shop/no-trackers rule "));
  }
}

TEST_CASE("sluice query is fit for health checks", "[e2e][query]") {
  Rig rig;
  const std::uint16_t port = rig.sluice.port("udp");
  const Arguments question{"-b", shop_pod, "allowed.e2e.test"};
  CHECK(query(port, question + Arguments{"--expect", "NOERROR"}).exit_code == 0);
  const auto other = query(port, question + Arguments{"--expect", "NXDOMAIN"});
  CHECK(other.exit_code == 1);
  CHECK(other.errors == "sluice: expected NXDOMAIN, found NOERROR\n");
  const auto stranger =
      query(rig.sluice.port("tls"), question + Arguments{"--tls"} + verified(rig, "other.test"));
  CHECK(stranger.exit_code == 1);
  CHECK_THAT(stranger.errors, ContainsSubstring("certificate is not accepted"));
  rig.sluice.process().signal(SIGKILL);
  rig.sluice.process().wait(10s);
  CHECK(query(port, question).exit_code == 1);
}

TEST_CASE("sluice query asks over HTTPS", "[e2e][query]") {
  const Rig rig;
  const auto outcome =
      query(rig.coredns.https_port(), Arguments{"allowed.e2e.test", "--https", "--output", "json"} +
                                          verified(rig, "kube-dns.test"));
  INFO(outcome.output << outcome.errors);
  REQUIRE(outcome.exit_code == 0);
  const auto document = boost::json::parse(outcome.output);
  CHECK(document.at("rcode") == "NOERROR");
  CHECK(document.at("transport") == "HTTPS");
  CHECK(document.at("answers").at(0).at("data") == "192.0.2.10");
  const auto large = query(rig.coredns.https_port(), Arguments{"big.e2e.test", "TXT", "--https"} +
                                                         verified(rig, "kube-dns.test"));
  CHECK_THAT(large.output, ContainsSubstring(std::string(200, 't')));
}

TEST_CASE("a server that is no DNS over HTTPS server is told", "[e2e][query]") {
  const Rig rig;
  const auto outcome = query(rig.coredns.port(), Arguments{"allowed.e2e.test", "--https"} +
                                                     verified(rig, "kube-dns.test"));
  CHECK(outcome.exit_code == 1);
  CHECK_THAT(outcome.errors, ContainsSubstring("no answer"));
}

}  // namespace sluice::tests
