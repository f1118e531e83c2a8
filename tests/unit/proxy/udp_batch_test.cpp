// SPDX-License-Identifier: Apache-2.0
#include "proxy/udp_batch.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include "proxy/listener_socket.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::proxy {
namespace {

using boost::asio::ip::udp;
using tests::Octets;

struct Fixture {
  boost::asio::io_context context;
  std::unique_ptr<UdpBatch> in = std::make_unique<UdpBatch>();
  std::unique_ptr<UdpBatch> out = std::make_unique<UdpBatch>();

  boost::system::result<udp::socket> try_listen(const std::string& address) {
    return open_udp_socket(context, {"test", config::ListenerProtocol::udp, address, 0, {}});
  }
  udp::socket listen(const std::string& address) { return *try_listen(address); }
  /// A client on `from`, connected, so that only answers from where it asked reach it.
  udp::socket client(const std::string& from, const std::string& to, const udp::socket& server) {
    const auto make = [](const std::string& text) { return boost::asio::ip::make_address(text); };
    udp::socket socket(context, udp::endpoint(make(from), 0));
    socket.connect({make(to), server.local_endpoint().port()});
    return socket;
  }
  /// Loopback delivers before send returns.
  void echo_all(udp::socket& server) {
    REQUIRE(in->receive(server.native_handle()));
    for (std::size_t i = 0; i < in->size(); ++i) {
      Origin origin;
      in->read_origin(i, origin);
      const auto message = in->message(i);
      std::copy(message.begin(), message.end(), out->next_buffer().begin());
      out->push(message.size(), origin, server.local_endpoint().protocol().family());
    }
    CHECK(out->send(server.native_handle()) == 0);
  }
  static Octets receive(udp::socket& socket) {
    Octets message(65535);
    boost::system::error_code error;
    socket.non_blocking(true);
    message.resize(socket.receive(boost::asio::buffer(message), 0, error));
    return message;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a batch takes what is there, with who sent it", "[proxy][udp]") {
  udp::socket server = listen("127.0.0.1");
  CHECK_FALSE(in->receive(server.native_handle()));
  udp::socket first = client("127.0.1.5", "127.0.0.1", server);
  udp::socket second = client("127.0.2.6", "127.0.0.1", server);
  first.send(boost::asio::buffer(Octets{1, 2, 3}));
  second.send(boost::asio::buffer(Octets{4}));
  first.send(boost::asio::buffer(Octets{}));
  REQUIRE(in->receive(server.native_handle()));
  REQUIRE(in->size() == 3);
  CHECK(Octets(in->message(0).begin(), in->message(0).end()) == Octets{1, 2, 3});
  CHECK(in->message(1).size() == 1);
  CHECK(in->message(2).empty());
  Origin origin;
  in->read_origin(1, origin);
  CHECK(to_text(origin.address) == "127.0.2.6");
  CHECK(origin.port == second.local_endpoint().port());
  CHECK(origin.local == filters::Address{});
}

TEST_CASE_METHOD(Fixture, "a batch holds 32 messages and leaves the rest for the next",
                 "[proxy][udp]") {
  udp::socket server = listen("127.0.0.1");
  udp::socket sender = client("127.0.0.1", "127.0.0.1", server);
  for (std::uint8_t i = 0; i < 40; ++i)
    sender.send(boost::asio::buffer(Octets{i}));
  echo_all(server);
  CHECK(in->size() == 32);
  echo_all(server);
  CHECK(in->size() == 8);
  for (std::uint8_t i = 0; i < 40; ++i)
    CHECK(receive(sender) == Octets{i});
}

TEST_CASE_METHOD(Fixture, "a message that was cut has no sender", "[proxy][udp]") {
  udp::socket server = listen("127.0.0.1");
  udp::socket sender = client("127.0.0.1", "127.0.0.1", server);
  sender.send(boost::asio::buffer(Octets(4097)));
  sender.send(boost::asio::buffer(Octets(4096)));
  REQUIRE(in->receive(server.native_handle()));
  Origin origin;
  in->read_origin(0, origin);
  CHECK(origin.port == 0);
  in->read_origin(1, origin);
  CHECK(origin.port != 0);
  CHECK(in->message(1).size() == 4096);
}

TEST_CASE_METHOD(Fixture, "a socket on all addresses answers from the one that was asked",
                 "[proxy][udp]") {
  struct Case {
    std::string listens;
    std::string asked;
  };
  const std::vector<Case> cases{
      {"0.0.0.0", "127.0.0.9"}, {"::", "::1"}, {"::", "127.0.0.9"}, {"::1", "::1"}};
  for (const Case& one : cases) {
    CAPTURE(one.listens, one.asked);
    auto opened = try_listen(one.listens);
    if (!opened) continue;  // a machine without IPv6
    udp::socket server = std::move(*opened);
    const bool is_v6 = one.asked.find(':') != std::string::npos;
    udp::socket sender = client(is_v6 ? "::1" : "127.0.0.1", one.asked, server);
    sender.send(boost::asio::buffer(Octets{42}));
    echo_all(server);
    CHECK(receive(sender) == Octets{42});
  }
}

TEST_CASE_METHOD(Fixture, "one that cannot be sent does not hold up the others", "[proxy][udp]") {
  udp::socket server = listen("127.0.0.1");
  udp::socket receiver = client("127.0.0.1", "127.0.0.1", server);
  Origin good;
  good.address = *filters::Address::from_text("127.0.0.1");
  good.port = receiver.local_endpoint().port();
  Origin bad = good;
  bad.address = *filters::Address::from_text("255.255.255.255");  // broadcast is not permitted
  int number = 0;
  for (const Origin& origin : {good, bad, good, bad, bad, good}) {
    out->next_buffer()[0] = static_cast<std::uint8_t>(++number);
    out->push(1, origin, AF_INET);
  }
  CHECK(out->send(server.native_handle()) == 3);
  CHECK(out->size() == 0);
  CHECK(receive(receiver) == Octets{1});
  CHECK(receive(receiver) == Octets{3});
  CHECK(receive(receiver) == Octets{6});
}

}  // namespace sluice::proxy
