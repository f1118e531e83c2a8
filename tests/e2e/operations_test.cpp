// SPDX-License-Identifier: Apache-2.0
// What operators do and suffer while queries keep coming: policies change, CoreDNS goes and comes
// back, shows a wrong certificate, and Sluice itself is told to stop.
#include <csignal>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/e2e/tcp_client.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

bool upstream_failed(const Reply& reply) {
  return reply.rcode() == "SERVFAIL" && (reply.has_ede(22) || reply.has_ede(23));
}

}  // namespace

TEST_CASE("an edited filter takes effect within a second, without a lost query", "[e2e]") {
  const Rig rig;
  const auto is_denied = [&](const std::string& name) {
    return dig(rig.udp(shop_pod), {name + ".e2e.test", "A"}).rcode() == "NXDOMAIN";
  };
  REQUIRE(is_denied("denied"));
  REQUIRE_FALSE(is_denied("allowed"));
  Load load(rig.workspace, rig.udp(shop_pod),
            {.names = {"middle.e2e.test"}, .seconds = 3, .queries_per_second = 1000});
  rig.workspace.write("policies/shop.yaml", shop_filter("allowed"));
  CHECK(eventually(1s, [&] { return is_denied("allowed"); }));
  CHECK_FALSE(is_denied("denied"));
  const auto result = load.finish();
  CHECK(result.sent > 1000);
  CHECK(result.lost == 0);
}

TEST_CASE("a filter that is wrong changes nothing and is reported with its place", "[e2e]") {
  Rig rig;
  rig.workspace.write("policies/shop.yaml", shop_filter("not a name"));
  REQUIRE(rig.sluice.process().wait_for_output("shop.yaml", 5s));
  CHECK(dig(rig.udp(shop_pod), {"denied.e2e.test", "A"}).rcode() == "NXDOMAIN");
  CHECK(dig(rig.udp(shop_pod), {"allowed.e2e.test", "A"}).rcode() == "NOERROR");
}

TEST_CASE("while CoreDNS is away, what is cached is served stale and the rest fails honestly",
          "[e2e]") {
  Rig rig;
  for (int i = 0; i < 8; ++i)  // each worker has a cache of its own
    REQUIRE(dig(rig.udp(shop_pod), {"brief.e2e.test", "A"}).contains("192.0.2.30"));
  rig.coredns.stop();
  CHECK(eventually(6s, [&] {
    const auto reply = dig(rig.udp(shop_pod), {"brief.e2e.test", "A"});
    return reply.has_ede(3) && reply.contains("192.0.2.30");
  }));
  CHECK(upstream_failed(dig(rig.udp(shop_pod), {"middle.e2e.test", "A"})));
  CHECK(dig(rig.udp(shop_pod), {"denied.e2e.test", "A"}).rcode() == "NXDOMAIN");

  rig.coredns.start();
  CHECK(eventually(
      15s, [&] { return dig(rig.udp(shop_pod), {"alias.e2e.test", "A"}).contains("192.0.2.10"); }));
}

TEST_CASE("no query goes to a CoreDNS whose certificate nobody vouches for", "[e2e]") {
  const Rig rig(UpstreamSigner::stranger);
  CHECK(upstream_failed(dig(rig.udp(shop_pod), {"allowed.e2e.test", "A"})));
  CHECK(rig.coredns.log().find("allowed.e2e.test") == std::string::npos);
}

TEST_CASE("SIGTERM under load answers what is under way and exits with 0", "[e2e]") {
  Rig rig;
  Load load(rig.workspace, rig.udp(shop_pod),
            {.names = {"allowed.e2e.test"}, .seconds = 2, .queries_per_second = 500});
  const TcpClient client(shop_pod, rig.sluice.port("tcp"));
  client.send(framed(make_query("allowed.e2e.test. A")));
  REQUIRE(read_message(client.receive_message()).rcode == "NOERROR");
  client.send(framed(make_query("last.slow.e2e.test. A", {.id = 7})));
  // The slow one cannot be seen at CoreDNS, which logs when it answers; but once a second query on
  // the same connection is answered, from the cache, the first was read.
  client.send(framed(make_query("allowed.e2e.test. A", {.id = 8})));
  REQUIRE(read_message(client.receive_message()).id == 8);

  rig.sluice.process().signal(SIGTERM);
  const auto answer = read_message(client.receive_message());
  CHECK(answer.id == 7);
  CHECK(answer.rcode == "NOERROR");
  CHECK(rig.sluice.process().wait(10s) == 0);
  CHECK(load.finish().completed > 0);
}

}  // namespace sluice::tests
