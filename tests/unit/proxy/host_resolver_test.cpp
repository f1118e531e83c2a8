// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_resolver.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/proxy/upstream_fixture.hpp"
#include "tests/unit/proxy/upstream_plain_server.hpp"

using namespace sluice;
using namespace sluice::proxy;
using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;

namespace {

/// Answers A queries with the address, AAAA queries with nothing.
PlainServer::Script zone_of(const std::string& address, int ttl) {
  return [&address, ttl](const tests::Octets& query, Transport) -> std::vector<tests::Octets> {
    const std::string question = tests::read_message(query).question;
    if (!question.ends_with(" A")) return {tests::make_response(query)};
    const std::string record = "dns.example. " + std::to_string(ttl) + " A " + address;
    return {tests::make_response(query, {.answer = {record}})};
  };
}

}  // namespace

TEST_CASE("addresses need no resolver", "[proxy][host-resolver]") {
  boost::asio::io_context context{1};
  CHECK(HostResolver::follow(context, {{"192.0.2.1", 853}, {"2001:db8::1", 853}}, {}) == nullptr);
  CHECK_FALSE(has_host_name({"::1", 853}));
  CHECK(has_host_name({"dns.example", 853}));
}

TEST_CASE("a host name is resolved, and followed when its TTL ends", "[proxy][host-resolver]") {
  boost::asio::io_context context{1};
  std::string address = "192.0.2.1";
  PlainServer server(context, zone_of(address, 1));
  std::vector<std::pair<std::size_t, Addresses>> calls;
  const auto resolver = HostResolver::follow(
      context, {{"192.0.2.9", 853}, {"dns.example", 8853}},
      [&](std::size_t index, const Addresses& found) { calls.emplace_back(index, found); },
      "127.0.0.1:" + std::to_string(server.port()));
  CHECK(calls.empty());
  REQUIRE(run_until(context, [&] { return calls.size() == 1; }));
  CHECK(calls[0].first == 1);
  CHECK(calls[0].second == Addresses{{boost::asio::ip::make_address("192.0.2.1"), 8853}});

  address = "192.0.2.2";
  REQUIRE(run_until(context, [&] { return calls.size() == 2; }, std::chrono::seconds(3)));
  CHECK(calls[1].second == Addresses{{boost::asio::ip::make_address("192.0.2.2"), 8853}});

  // The same again is nothing new.
  const std::size_t asked = server.udp_queries;
  REQUIRE(run_until(context, [&] { return server.udp_queries > asked + 1; }));
  CHECK(calls.size() == 2);
}

TEST_CASE("a resolver may go while a question is under way", "[proxy][host-resolver]") {
  boost::asio::io_context context{1};
  PlainServer server(context,
                     [](const tests::Octets&, Transport) { return std::vector<tests::Octets>{}; });
  auto resolver = HostResolver::follow(
      context, {{"dns.example", 853}}, [](std::size_t, const Addresses&) { FAIL(); },
      "127.0.0.1:" + std::to_string(server.port()));
  REQUIRE(run_until(context, [&] { return server.udp_queries > 0; }));
  resolver.reset();
  run_until(context, [] { return false; }, std::chrono::milliseconds(50));
}
