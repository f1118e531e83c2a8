// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener_socket.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace sluice::proxy {
namespace {

using Catch::Matchers::ContainsSubstring;
using config::ListenerProtocol;

config::Listener listener(ListenerProtocol protocol, const std::string& address,
                          std::uint16_t port = 0) {
  return {"test", protocol, address, port, {}};
}

}  // namespace

TEST_CASE("several workers share one port", "[proxy][listener]") {
  boost::asio::io_context context;
  const auto udp = open_udp_socket(context, listener(ListenerProtocol::udp, "127.0.0.1"));
  REQUIRE(udp.has_value());
  const auto udp_port = udp->local_endpoint().port();
  CHECK(udp_port != 0);
  CHECK(
      open_udp_socket(context, listener(ListenerProtocol::udp, "127.0.0.1", udp_port)).has_value());

  const auto tcp = open_acceptor(context, listener(ListenerProtocol::tcp, "127.0.0.1"));
  REQUIRE(tcp.has_value());
  const auto tcp_port = tcp->local_endpoint().port();
  CHECK(open_acceptor(context, listener(ListenerProtocol::tls, "127.0.0.1", tcp_port)).has_value());
}

TEST_CASE("listening sockets never block", "[proxy][listener]") {
  boost::asio::io_context context;
  CHECK(open_udp_socket(context, listener(ListenerProtocol::udp, "127.0.0.1"))->non_blocking());
  CHECK(open_acceptor(context, listener(ListenerProtocol::tcp, "127.0.0.1"))->non_blocking());
}

TEST_CASE("both families can be listened on, all addresses too", "[proxy][listener]") {
  boost::asio::io_context context;
  for (const char* address : {"127.0.0.1", "0.0.0.0", "::1", "::"}) {
    CAPTURE(address);
    const auto socket = open_udp_socket(context, listener(ListenerProtocol::udp, address));
    const bool has_no_ipv6 =
        !socket && socket.error() == boost::asio::error::address_family_not_supported;
    if (has_no_ipv6) continue;
    CHECK(socket.has_value());
    CHECK(open_acceptor(context, listener(ListenerProtocol::tcp, address)).has_value());
  }
}

TEST_CASE("queries go past a socket that is diverted, and those that it has stay",
          "[proxy][listener]") {
  using boost::asio::ip::udp;
  const std::pair<const char*, const char*> cases[] = {{"127.0.0.1", "127.0.0.1"},
                                                       {"0.0.0.0", "127.0.0.1"},
                                                       {"::1", "::1"},
                                                       {"::", "::1"},
                                                       {"::", "127.0.0.1"}};
  for (const auto& [address, asked] : cases) {
    CAPTURE(address, asked);
    boost::asio::io_context context;
    auto wanted = listener(ListenerProtocol::udp, address);
    auto old_socket = open_udp_socket(context, wanted);
    if (!old_socket) continue;  // no IPv6
    wanted.port = old_socket->local_endpoint().port();
    const udp::endpoint server(boost::asio::ip::make_address(asked), wanted.port);
    std::vector<udp::socket> clients;
    const auto ask = [&] {
      for (udp::socket& client : clients)
        client.send_to(boost::asio::buffer("?", 1), server);
    };
    for (int i = 0; i < 64; ++i)
      clients.emplace_back(context, udp::endpoint(server.protocol(), 0));
    const auto count = [](udp::socket& socket, udp::endpoint& last) {
      std::size_t received = 0;
      boost::system::error_code error;
      for (char octet = 0;; ++received) {
        socket.receive_from(boost::asio::buffer(&octet, 1), last, 0, error);
        if (error) return received;
      }
    };
    ask();
    auto new_socket = open_udp_socket(context, wanted);
    divert_udp_socket(*old_socket);
    ask();
    udp::endpoint client;
    CHECK(count(*new_socket, client) == 64);
    CHECK(count(*old_socket, client) == 64);
    CHECK(old_socket->send_to(boost::asio::buffer("!", 1), client) == 1);
  }
}

TEST_CASE("what hinders listening is said in words", "[proxy][listener]") {
  boost::asio::io_context context;
  using boost::asio::ip::udp;
  const udp::socket taken(context, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  const auto port = taken.local_endpoint().port();
  const auto busy = listener(ListenerProtocol::udp, "127.0.0.1", port);
  const auto no_port = open_udp_socket(context, busy);
  REQUIRE_FALSE(no_port.has_value());
  const std::string text = listen_error_text(busy, no_port.error());
  CHECK_THAT(text, ContainsSubstring("cannot listen on UDP 127.0.0.1:" + std::to_string(port)));
  CHECK_THAT(text, ContainsSubstring("another program listens there"));

  const auto elsewhere = listener(ListenerProtocol::tls, "192.0.2.1", 853);
  const auto no_address = open_acceptor(context, elsewhere);
  REQUIRE_FALSE(no_address.has_value());
  CHECK_THAT(listen_error_text(elsewhere, no_address.error()),
             ContainsSubstring("no interface of this machine has the address"));
  CHECK_THAT(listen_error_text(listener(ListenerProtocol::tcp, "127.0.0.1", 53),
                               boost::asio::error::access_denied),
             ContainsSubstring("NET_BIND_SERVICE"));
}

}  // namespace sluice::proxy
