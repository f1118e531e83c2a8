// SPDX-License-Identifier: Apache-2.0
#include "commands/exchange.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/certificate.hpp"
#include "tests/support/responder.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using namespace std::chrono_literals;

/// `big.example` has more addresses than UDP carries.
std::string zone_text() {
  std::string text =
      "example. 300 SOA ns.example. admin.example. 1 3600 600 86400 60\n"
      "www.example. 300 A 192.0.2.1\n";
  for (int i = 0; i < 200; ++i)
    text += "big.example. 300 A 192.0.2." + std::to_string(i) + '\n';
  return text;
}

/// A server over UDP, TCP and TLS, and the authority that signed its certificate.
struct World {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority authority{directory.path() / "ca"};
  tests::CertificateAuthority stranger{directory.path() / "stranger"};
  tests::Responder server{
      {.zone = zone_text(), .certificate = certificate({"dns.example", "127.0.0.1"})}};

  tests::CertificateFiles certificate(const std::vector<std::string>& names,
                                      tests::Validity validity = tests::Validity::now) {
    const auto files = authority.issue({.names = names, .validity = validity});
    return {files.certificate_file, files.private_key_file};
  }
  [[nodiscard]] Server over(Transport transport) const {
    Server result{.transport = transport, .source = {}, .server_name = {}, .ca_file = {}};
    result.port = transport == Transport::tls ? server.tls_port() : server.port();
    result.ca_file = authority.file();
    result.timeout = 5s;
    return result;
  }
};

Reply ask(const Server& server) {
  return exchange_message(server, tests::make_query("www.example. A"));
}

std::vector<std::string> answer(const Reply& reply) {
  return tests::read_message(reply.message).answer;
}

}  // namespace

TEST_CASE("a question is answered over UDP, TCP and TLS", "[commands][query]") {
  const World world;
  for (const auto transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    const auto reply = ask(world.over(transport));
    INFO(to_text(transport));
    CHECK(answer(reply) == std::vector<std::string>{"www.example. 300 IN A 192.0.2.1"});
    CHECK(reply.transport == transport);
    CHECK(reply.duration > 0us);
  }
}

TEST_CASE("an answer that UDP cuts is asked for again over TCP", "[commands][query]") {
  const World world;
  const auto reply =
      exchange_message(world.over(Transport::udp), tests::make_query("big.example. A"));
  CHECK(answer(reply).size() == 200);
  CHECK(reply.transport == Transport::tcp);
}

TEST_CASE("the server's certificate must have the name that was asked for", "[commands][query]") {
  const World world;
  auto server = world.over(Transport::tls);
  server.server_name = "dns.example";
  CHECK_NOTHROW(ask(server));
  server.server_name = "other.example";
  CHECK_THROWS_MATCHES(ask(server), ExchangeFailure,
                       MessageMatches(ContainsSubstring("certificate is not accepted")));
  server.server_name = "127.0.0.2";
  CHECK_THROWS_MATCHES(ask(server), ExchangeFailure,
                       MessageMatches(ContainsSubstring("certificate is not accepted")));
}

TEST_CASE("a certificate of a stranger, or one out of date, is not accepted", "[commands][query]") {
  World world;
  auto server = world.over(Transport::tls);
  server.ca_file = world.stranger.file();
  CHECK_THROWS_MATCHES(ask(server), ExchangeFailure,
                       MessageMatches(ContainsSubstring("certificate is not accepted")));
  world.server.set_certificate(world.certificate({"127.0.0.1"}, tests::Validity::expired));
  CHECK_THROWS_MATCHES(ask(world.over(Transport::tls)), ExchangeFailure,
                       MessageMatches(ContainsSubstring("expired")));
}

TEST_CASE("a file without certificates is told", "[commands][query]") {
  const World world;
  auto server = world.over(Transport::tls);
  server.ca_file = world.directory.path() / "missing.crt";
  CHECK_THROWS_MATCHES(ask(server), ExchangeFailure, MessageMatches(ContainsSubstring("PEM")));
}

TEST_CASE("what is no answer to the question is not taken for it", "[commands][query]") {
  World world;
  world.server.set_misbehaviour(tests::Misbehaviour::garbage_first);
  CHECK(answer(ask(world.over(Transport::udp))).size() == 1);
  for (const auto misbehaviour :
       {tests::Misbehaviour::wrong_id, tests::Misbehaviour::wrong_question,
        tests::Misbehaviour::query_back, tests::Misbehaviour::garbage,
        tests::Misbehaviour::close}) {
    world.server.set_misbehaviour(misbehaviour);
    INFO(static_cast<int>(misbehaviour));
    CHECK_THROWS_AS(ask(world.over(Transport::tcp)), ExchangeFailure);
    auto hasty = world.over(Transport::udp);
    hasty.timeout = 50ms;
    CHECK_THROWS_AS(ask(hasty), ExchangeFailure);
  }
}

TEST_CASE("a silent server is waited for no longer than asked", "[commands][query]") {
  World world;
  world.server.set_silent();
  for (const auto transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    auto server = world.over(transport);
    server.timeout = 50ms;
    INFO(to_text(transport));
    CHECK_THROWS_MATCHES(ask(server), ExchangeFailure,
                         MessageMatches(ContainsSubstring("no answer in time")));
  }
}

TEST_CASE("nobody there is told", "[commands][query]") {
  std::uint16_t port = 0;
  {
    const World world;
    port = world.server.port();
  }
  for (const auto transport : {Transport::udp, Transport::tcp}) {
    const Server server{.port = port, .transport = transport, .timeout = 5s};
    CHECK_THROWS_MATCHES(ask(server), ExchangeFailure,
                         MessageMatches(ContainsSubstring("Connection refused")));
  }
}

}  // namespace sluice::commands
