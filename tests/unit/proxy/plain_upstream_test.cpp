// SPDX-License-Identifier: Apache-2.0
#include "proxy/plain_upstream.hpp"

#include <optional>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/proxy/upstream_fixture.hpp"
#include "tests/unit/proxy/upstream_plain_server.hpp"

using namespace sluice;
using namespace sluice::proxy;
using namespace std::chrono_literals;
using tests::Octets;
using Messages = std::vector<Octets>;

namespace {

struct World {
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  config::Upstream settings;
  std::optional<PlainUpstream> upstream;

  PlainUpstream& start(std::uint16_t port, const std::string& address = "127.0.0.1") {
    settings.endpoints.push_back({address, port});
    return upstream.emplace(context, settings, handler, counters);
  }
  template <typename Condition>
  bool run(Condition&& condition, std::chrono::milliseconds bound = 5s) {
    return run_until(context, condition, bound);
  }
  bool run_until_answered(std::uint64_t first, std::uint64_t last) {
    return run([&] { return handler.calls.size() >= last; }) && all_answered(handler, first, last);
  }
};

Messages answer(const Octets& query, Transport /*transport*/) {
  return {tests::make_response(query)};
}

/// An answer of some 1,000 octets.
tests::Response big_response() {
  tests::Response made;
  for (int i = 0; i < 14; ++i)
    made.answer.push_back("host1.example. 60 TXT \"" + std::string(60, 'x') + std::to_string(i) +
                          "\"");
  return made;
}

}  // namespace

TEST_CASE("queries are answered over UDP and over TCP", "[proxy][plain]") {
  World world;
  PlainServer server(world.context, answer);
  SECTION("UDP") {
    send_numbered(world.start(server.port()), 1, 50);
    CHECK(world.run_until_answered(1, 50));
    CHECK(server.udp_queries == 50);
  }
  SECTION("TCP") {
    world.settings.transport = config::UpstreamTransport::tcp;
    send_numbered(world.start(server.port()), 1, 50);
    CHECK(world.run_until_answered(1, 50));
    CHECK(server.tcp_queries == 50);
    CHECK(server.udp_queries == 0);
  }
}

TEST_CASE("a truncated answer is asked for again over TCP", "[proxy][plain]") {
  World world;
  PlainServer server(world.context, [](const Octets& query, Transport transport) -> Messages {
    if (transport == Transport::udp)
      return {tests::make_response(query, {.flags = dns::Flags::tc | dns::Flags::ra})};
    return {tests::make_response(query, big_response())};
  });
  send_numbered(world.start(server.port()), 1, 1);
  REQUIRE(world.run_until_answered(1, 1));
  CHECK(tests::read_message(world.handler.answers[1]).answer.size() == 14);
  CHECK(server.tcp_queries == 1);
}

TEST_CASE("an answer up to the EDNS size is taken over UDP", "[proxy][plain]") {
  World world;
  PlainServer server(world.context, [](const Octets& query, Transport) -> Messages {
    return {tests::make_response(query, big_response())};
  });
  send_numbered(world.start(server.port()), 1, 1);
  REQUIRE(world.run_until_answered(1, 1));
  CHECK(world.handler.answers[1].size() > 1000);
  CHECK(server.tcp_queries == 0);
}

TEST_CASE("SERVFAIL and REFUSED are answers", "[proxy][plain]") {
  World world;
  const auto rcode = GENERATE(dns::Rcode::servfail, dns::Rcode::refused, dns::Rcode::notimp);
  PlainServer server(world.context, [&](const Octets& query, Transport) -> Messages {
    return {tests::make_response(query, {.rcode = rcode})};
  });
  send_numbered(world.start(server.port()), 1, 1);
  CHECK(world.run_until_answered(1, 1));
  CHECK(server.udp_queries == 1);
}

TEST_CASE("forged answers before the good one change nothing", "[proxy][plain][security]") {
  World world;
  PlainServer server(world.context, [](const Octets& query, Transport) -> Messages {
    const Octets good = tests::make_response(query);
    Octets wrong_id = good;
    wrong_id[1] ^= 1;
    Octets wrong_question = good;
    wrong_question[13] ^= 1;
    return {wrong_id, wrong_question, Octets{1, 2, 3}, good};
  });
  send_numbered(world.start(server.port()), 1, 20);
  CHECK(world.run_until_answered(1, 20));
}

TEST_CASE("what is no answer although ID and question fit is asked for again over TCP",
          "[proxy][plain][security]") {
  World world;
  PlainServer server(world.context, [](const Octets& query, Transport transport) -> Messages {
    if (transport == Transport::udp) return {query};
    return {tests::make_response(query)};
  });
  send_numbered(world.start(server.port()), 1, 1);
  CHECK(world.run_until_answered(1, 1));
  CHECK(server.tcp_queries == 1);
  CHECK(world.counters.mismatched_answers.value() == 1);
}

TEST_CASE("IDs and ports of queries cannot be guessed from earlier ones",
          "[proxy][plain][security]") {
  World world;
  PlainServer server(world.context, answer);
  world.start(server.port());
  SECTION("one query after the other: a port for each") {
    for (std::uint64_t token = 1; token <= 100; ++token) {
      send_numbered(*world.upstream, token, token);
      REQUIRE(world.run_until_answered(token, token));
    }
    CHECK(server.client_ports.size() >= 50);
  }
  SECTION("all at once: many ports") {
    send_numbered(*world.upstream, 1, 100);
    REQUIRE(world.run_until_answered(1, 100));
    CHECK(server.client_ports.size() >= 16);
  }
  CHECK(server.ids.size() >= 99);
}

TEST_CASE("when the first server is dead the second answers", "[proxy][plain]") {
  World world;
  PlainServer server(world.context, answer);
  boost::asio::ip::udp::socket closed(world.context, {boost::asio::ip::address_v4::loopback(), 0});
  const std::uint16_t dead = closed.local_endpoint().port();
  closed.close();
  world.settings.endpoints.push_back({"127.0.0.1", dead});
  send_numbered(world.start(server.port()), 1, 10);
  CHECK(world.run_until_answered(1, 10));
}

TEST_CASE("a lost datagram is sent again", "[proxy][plain]") {
  World world;
  bool lost = false;
  PlainServer server(world.context, [&](const Octets& query, Transport) -> Messages {
    if (!std::exchange(lost, true)) return {};
    return {tests::make_response(query)};
  });
  world.settings.attempt_timeout = 100ms;
  send_numbered(world.start(server.port()), 1, 1);
  CHECK(world.run_until_answered(1, 1));
}

TEST_CASE("a silent server makes a query time out, a missing one makes it unreachable",
          "[proxy][plain]") {
  World world;
  PlainServer server(world.context, [](const Octets&, Transport) -> Messages { return {}; });
  world.settings.attempt_timeout = 50ms;
  SECTION("silent") {
    send_numbered(world.start(server.port()), 1, 1);
    REQUIRE(world.run([&] { return world.handler.failures.size() == 1; }));
    CHECK(world.handler.failures[1] == UpstreamFailure::timed_out);
  }
  SECTION("missing") {
    boost::asio::ip::udp::socket closed(world.context,
                                        {boost::asio::ip::address_v4::loopback(), 0});
    const std::uint16_t dead = closed.local_endpoint().port();
    closed.close();
    send_numbered(world.start(dead), 1, 1);
    CHECK(world.handler.failures.empty());
    REQUIRE(world.run([&] { return world.handler.failures.size() == 1; }));
    CHECK(world.handler.failures[1] == UpstreamFailure::unreachable);
  }
  CHECK(world.upstream->is_down());
}

TEST_CASE("a server may be a host name", "[proxy][plain]") {
  World world;
  PlainServer server(world.context, answer);
  world.start(server.port(), "localhost");
  std::uint64_t token = 0;
  // Until the name is resolved, queries fail.
  CHECK(world.run([&] {
    if (world.handler.calls.size() == token) {
      ++token;
      send_numbered(*world.upstream, token, token);
    }
    return !world.handler.answers.empty();
  }));
}

TEST_CASE("a plain upstream may go while queries are under way", "[proxy][plain]") {
  World world;
  PlainServer server(world.context, [](const Octets&, Transport) -> Messages { return {}; });
  world.settings.transport =
      GENERATE(config::UpstreamTransport::udp, config::UpstreamTransport::tcp);
  send_numbered(world.start(server.port()), 1, 20);
  REQUIRE(world.run([&] { return server.udp_queries + server.tcp_queries == 20; }));
  world.upstream.reset();
  if (GENERATE(false, true)) world.run([] { return false; }, 100ms);
  CHECK(world.handler.calls.empty());
}
