// SPDX-License-Identifier: Apache-2.0
#include "proxy/dot_upstream.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "proxy/log.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/tls_failing_stream.hpp"
#include "tests/support/tls_server.hpp"
#include "tests/unit/proxy/upstream_fixture.hpp"

using namespace sluice;
using namespace sluice::proxy;
using namespace std::chrono_literals;
using tests::Octets;
using tests::TlsServer;

namespace {

constexpr const char* server_name = "dns.example";

/// One upstream and the servers behind it, in one event loop.
struct World {
  log::Capture quiet;
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path() / "ca"};
  config::ServerTls good = ca.issue({.names = {server_name}});
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  config::Upstream settings;
  MakeTlsStream make_stream = make_tls_stream;
  std::optional<DotUpstream> upstream;

  World() {
    settings.name = "cluster";
    settings.transport = config::UpstreamTransport::tls;
    settings.tls = {server_name, ca.file()};
  }
  void add_endpoint(std::uint16_t port, const std::string& address = "127.0.0.1") {
    settings.endpoints.push_back({address, port});
  }
  DotUpstream& start() {
    auto tls = TlsClientContext::load(settings.tls);
    REQUIRE(tls.has_value());
    return upstream.emplace(context, DotSettings{settings, *tls, make_stream}, handler, counters);
  }
  template <typename Condition>
  bool run(Condition&& condition, std::chrono::milliseconds bound = 5s) {
    return run_until(context, condition, bound);
  }
  bool run_until_answered(std::uint64_t first, std::uint64_t last) {
    return run([&] { return handler.calls.size() >= last; }) && all_answered(handler, first, last);
  }
  std::uint64_t failures() const {
    std::uint64_t sum = 0;
    for (const Counter& counter : counters.failures)
      sum += counter.value();
    return sum;
  }
};

std::uint16_t closed_port(boost::asio::io_context& context) {
  boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

Octets with_wrong_id(Octets message) {
  message[0] ^= 0x55;
  return message;
}
Octets with_wrong_question(Octets message) {
  message[13] ^= 0x01;
  return message;
}
Octets without_qr(Octets message) {
  message[2] &= 0x7f;
  return message;
}
Octets garbage(const Octets& message) {
  return {message[0], message[1], 7};
}

}  // namespace

TEST_CASE("pipelined queries are answered in whatever order the answers come", "[proxy][dot]") {
  World world;
  std::vector<Octets> held;
  TlsServer server(world.context, world.good,
                   [&](TlsServer::Connection& peer, const Octets& query) {
                     held.push_back(query);
                     if (held.size() < 20) return;
                     for (auto it = held.rbegin(); it != held.rend(); ++it)
                       peer.send(tests::make_response(*it));
                   });
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
  CHECK(server.accepted() == 1);
  CHECK(world.counters.retries.value() == 0);
  CHECK(world.counters.open_connections.value() == 1);
  std::vector<std::pair<std::uint8_t, std::uint8_t>> ids;
  for (const Octets& query : held)
    ids.emplace_back(query[0], query[1]);
  std::ranges::sort(ids);
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
}

TEST_CASE("an answer to something else amid good ones costs no query its answer", "[proxy][dot]") {
  const auto spoil = GENERATE(
      with_wrong_id, with_wrong_question, without_qr,
      +[](Octets message) { return garbage(message); });
  World world;
  TlsServer server(world.context, world.good,
                   [&](TlsServer::Connection& peer, const Octets& query) {
                     if (peer.queries() % 5 == 3) peer.send(spoil(tests::make_response(query)));
                     tests::answer_everything(peer, query);
                   });
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
  CHECK(world.counters.mismatched_answers.value() > 0);
  CHECK(world.failures() == 0);
  send_numbered(*world.upstream, 21, 22);
  CHECK(world.run_until_answered(21, 22));
  CHECK(server.accepted() > 1);
}

TEST_CASE("a forged answer without a good one behind it is asked for again", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good,
                   [&](TlsServer::Connection& peer, const Octets& query) {
                     const auto response = tests::make_response(query);
                     peer.send(server.accepted() == 1 ? with_wrong_question(response) : response);
                   });
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
}

TEST_CASE("queries of a connection that closes are asked again at once", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good,
                   [&](TlsServer::Connection& peer, const Octets& query) {
                     if (server.accepted() > 1) return tests::answer_everything(peer, query);
                     if (peer.queries() == 1) tests::answer_everything(peer, query);
                     if (peer.queries() == 10) peer.close();
                   });
  world.add_endpoint(server.port());
  const auto begin = std::chrono::steady_clock::now();
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
  CHECK(world.failures() == 0);
  CHECK(world.counters.retries.value() >= 10);
  CHECK(std::chrono::steady_clock::now() - begin < 1s);  // no timeout was waited for
}

TEST_CASE("an idle connection that the server closes is no failure", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 1);
  REQUIRE(world.run_until_answered(1, 1));
  server.close_connections();
  CHECK(world.run([&] { return server.handshakes() == 2; }));  // replaced before it is needed
  send_numbered(*world.upstream, 2, 2);
  CHECK(world.run_until_answered(2, 2));
  CHECK_FALSE(world.upstream->is_down());
  CHECK(world.failures() == 0);
}

TEST_CASE("a session is resumed when the connection is opened again", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 1);
  REQUIRE(world.run_until_answered(1, 1));
  server.close_connections();
  REQUIRE(world.run([&] { return server.handshakes() == 2; }));
  send_numbered(*world.upstream, 2, 2);
  REQUIRE(world.run_until_answered(2, 2));
  CHECK(server.resumed() == 1);
  CHECK(world.counters.handshakes_resumed.value() == 1);
}

TEST_CASE("when the first endpoint is dead the second answers", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(closed_port(world.context));
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
  CHECK_FALSE(world.upstream->is_down());
  CHECK(world.counters.connections_failed.value() > 0);
}

TEST_CASE("round robin uses every endpoint alike", "[proxy][dot]") {
  World world;
  TlsServer first(world.context, world.good, tests::answer_everything);
  TlsServer second(world.context, world.good, tests::answer_everything);
  world.add_endpoint(first.port());
  world.add_endpoint(second.port());
  world.settings.policy = config::UpstreamPolicy::round_robin;
  send_numbered(world.start(), 1, 2);
  REQUIRE(world.run([&] { return first.handshakes() > 0 && second.handshakes() > 0; }));
  REQUIRE(world.run_until_answered(1, 2));
  const std::size_t before = first.queries();
  send_numbered(*world.upstream, 3, 22);
  CHECK(world.run_until_answered(3, 22));
  CHECK(first.queries() == before + 10);
}

TEST_CASE("a silent endpoint costs a query much less than the attempt timeout", "[proxy][dot]") {
  World world;
  world.settings.attempt_timeout = 3s;
  TlsServer silent(world.context, world.good, [](TlsServer::Connection&, const Octets&) {});
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(silent.port());
  world.add_endpoint(server.port());
  const auto begin = std::chrono::steady_clock::now();
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
}

TEST_CASE("a query without an answer is asked again after the attempt timeout", "[proxy][dot]") {
  World world;
  bool ignored = false;
  TlsServer server(world.context, world.good,
                   [&](TlsServer::Connection& peer, const Octets& query) {
                     if (!std::exchange(ignored, true)) return;
                     tests::answer_everything(peer, query);
                   });
  world.add_endpoint(server.port());
  world.settings.attempt_timeout = 100ms;
  send_numbered(world.start(), 1, 1);
  CHECK(world.run_until_answered(1, 1));
  CHECK(world.counters.retries.value() == 1);
}

TEST_CASE("a server that never answers makes a query time out", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, [](TlsServer::Connection&, const Octets&) {});
  world.add_endpoint(server.port());
  world.settings.attempt_timeout = 100ms;
  send_numbered(world.start(), 1, 5);
  CHECK(world.run([&] { return world.handler.failures.size() == 5; }));
  CHECK(world.handler.failures[1] == UpstreamFailure::timed_out);
  CHECK(world.upstream->is_down());
  CHECK(server.queries() <= 5 * 3);  // three attempts with one endpoint
}

TEST_CASE("nothing is sent behind a query that takes long", "[proxy][dot]") {
  World world;
  // As CoreDNS: what comes behind a slow query on its connection is not even looked at.
  std::size_t behind = 0;
  const TlsServer::Connection* stuck = nullptr;
  TlsServer server(world.context, world.good,
                   [&](TlsServer::Connection& peer, const Octets& query) {
                     if (stuck == nullptr) {
                       stuck = &peer;
                       return;
                     }
                     if (stuck == &peer) ++behind;
                     if (stuck != &peer) tests::answer_everything(peer, query);
                   });
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 1);
  REQUIRE(world.run([&] { return stuck != nullptr; }));
  world.run([] { return false; }, 60ms);
  send_numbered(*world.upstream, 2, 20);
  CHECK(world.run([&] { return all_answered(world.handler, 2, 20); }));
  CHECK(behind == 0);
}

TEST_CASE("no query is sent to a server that does not verify", "[proxy][dot][security]") {
  World world;
  const auto make_files = GENERATE(
      +[](World& here) { return here.ca.issue({.names = {"other.example"}}); },
      +[](World& here) {
        tests::CertificateAuthority other(here.directory.path() / "other");
        return other.issue({.names = {server_name}});
      },
      +[](World& here) {
        return here.ca.issue({.names = {server_name}, .validity = tests::Validity::expired});
      },
      +[](World& here) {
        return here.ca.issue({.names = {server_name}, .validity = tests::Validity::not_yet});
      });
  const auto files = make_files(world);

  TlsServer server(world.context, files, tests::answer_everything);
  world.add_endpoint(server.port());
  const auto begin = std::chrono::steady_clock::now();
  send_numbered(world.start(), 1, 3);
  REQUIRE(world.run([&] { return world.handler.failures.size() == 3; }));
  CHECK(std::chrono::steady_clock::now() - begin < 2s);  // long before the deadline
  CHECK(world.handler.failures[1] == UpstreamFailure::untrusted);
  CHECK(world.upstream->is_down());

  send_numbered(*world.upstream, 4, 4);
  CHECK(world.run([&] { return world.handler.failures.contains(4); }, 2s));

  server.use_certificate(world.good);
  CHECK(world.run([&] { return !world.upstream->is_down(); }, 3s));
  CHECK(server.queries() == 0);
  send_numbered(*world.upstream, 5, 5);
  CHECK(world.run([&] { return all_answered(world.handler, 5, 5); }));
}

TEST_CASE("the endpoint that verifies is used when the other does not", "[proxy][dot][security]") {
  World world;
  const auto wrong = world.ca.issue({.names = {"other.example"}});
  TlsServer untrusted(world.context, wrong, tests::answer_everything);
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(untrusted.port());
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 20);
  CHECK(world.run_until_answered(1, 20));
  CHECK(untrusted.queries() == 0);
}

TEST_CASE("a CA that is replaced on disk together with the server's certificate is picked up",
          "[proxy][dot][security]") {
  World world;
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 1);
  REQUIRE(world.run_until_answered(1, 1));

  tests::CertificateAuthority renewed(world.directory.path() / "renewed");
  server.use_certificate(renewed.issue({.names = {server_name}}));
  server.close_connections();
  std::filesystem::rename(renewed.file(), world.settings.tls.ca_file);
  REQUIRE(world.run([&] { return server.handshakes() == 2; }, 3s));
  send_numbered(*world.upstream, 2, 2);
  CHECK(world.run_until_answered(2, 2));
}

TEST_CASE("queries wait for a server that restarts", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(server.port());
  send_numbered(world.start(), 1, 1);
  REQUIRE(world.run_until_answered(1, 1));
  server.stop();
  REQUIRE(world.run([&] { return world.upstream->is_down(); }));
  send_numbered(*world.upstream, 2, 10);
  world.run([] { return false; }, 300ms);
  CHECK(world.handler.failures.empty());
  server.start();
  CHECK(world.run_until_answered(2, 10));
  CHECK_FALSE(world.upstream->is_down());
}

TEST_CASE("answers come out whole however the stream is cut", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, [](TlsServer::Connection& peer, const Octets& query) {
    peer.send_split(tests::make_response(query));
  });
  world.add_endpoint(server.port());
  world.start();
  for (std::uint64_t token = 1; token <= 20; ++token) {
    send_numbered(*world.upstream, token, token);
    CHECK(world.run_until_answered(token, token));
  }
  CHECK(world.counters.mismatched_answers.value() == 0);
}

TEST_CASE("an endpoint may be a host name", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(server.port(), "localhost");
  send_numbered(world.start(), 1, 3);
  CHECK(world.run_until_answered(1, 3));
}

TEST_CASE("more queries than the bound are refused, not kept", "[proxy][dot]") {
  World world;
  world.add_endpoint(closed_port(world.context));
  const Octets query = numbered_query(1);
  DotUpstream& upstream = world.start();
  for (std::uint64_t token = 0; token < 16384 + 10; ++token)
    upstream.send(token, query);
  CHECK(world.handler.calls.empty());  // never from within send()
  CHECK(world.run([&] { return world.handler.failures.size() >= 10; }));
  CHECK(world.handler.failures[16384] == UpstreamFailure::overloaded);
}

TEST_CASE("whichever operation on a stream fails, every query is answered", "[proxy][dot]") {
  const int nth = GENERATE(range(1, 25));
  tests::FailurePlan plan{.fail_at = nth};
  World world;
  world.make_stream = [&plan](boost::asio::ip::tcp::socket socket, TlsSession session) {
    return std::make_unique<tests::FailingStream>(
        make_tls_stream(std::move(socket), std::move(session)), plan);
  };
  TlsServer server(world.context, world.good, tests::answer_everything);
  world.add_endpoint(server.port());
  world.start();
  for (std::uint64_t token = 1; token <= 8; ++token) {
    send_numbered(*world.upstream, token, token);
    CHECK(world.run_until_answered(token, token));
  }
  CHECK(world.failures() == 0);
}

TEST_CASE("an upstream may go while queries are under way", "[proxy][dot]") {
  World world;
  TlsServer server(world.context, world.good, [](TlsServer::Connection&, const Octets&) {});
  world.add_endpoint(server.port());
  world.add_endpoint(server.port(), "localhost");
  send_numbered(world.start(), 1, 20);
  SECTION("before it is connected") {}
  SECTION("while they are on a connection") {
    REQUIRE(world.run([&] { return server.queries() == 20; }));
  }
  const bool run_on = GENERATE(false, true);
  world.upstream.reset();
  server.stop();
  if (run_on) world.run([] { return false; }, 100ms);
  CHECK(world.handler.calls.empty());
}
