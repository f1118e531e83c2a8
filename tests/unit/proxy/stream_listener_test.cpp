// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch_test_macros.hpp>

#include "proxy/listener_socket.hpp"
#include "tests/support/certificate.hpp"
#include "tests/unit/proxy/stream_fixture.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;

constexpr auto tcp_index = static_cast<std::size_t>(Transport::tcp);
constexpr auto tls_index = static_cast<std::size_t>(Transport::tls);

/// A listener as a worker has it, on a port of the kernel's choice.
struct Listening : StreamFixture {
  config::Listener settings{"test", config::ListenerProtocol::tcp, "127.0.0.1", 0, {}};
  std::unique_ptr<StreamListener> listener;
  tcp::endpoint endpoint;

  void listen(std::optional<TlsServerContext> tls = std::nullopt) {
    auto opened = *open_acceptor(context, settings);
    endpoint = opened.local_endpoint();
    const auto transport = tls ? Transport::tls : Transport::tcp;
    listener = std::make_unique<StreamListener>(
        std::move(opened), StreamListenerRole{.transport = transport}, std::move(tls), connections);
    boost::asio::co_spawn(context, [this] { return listener->run(); }, boost::asio::detached);
    poll();
  }
  StreamPeer dial() {
    tcp::socket socket(context);
    socket.connect(endpoint);
    poll();
    return StreamPeer(std::move(socket));
  }
};

}  // namespace

TEST_CASE_METHOD(Listening, "a listener takes connections and tells who they are",
                 "[proxy][stream]") {
  listen();
  StreamPeer peer = dial();
  peer.ask("x. AXFR", 1);
  poll();
  CHECK(peer.take_answers().size() == 1);
  CHECK(world.counters().accepted_connections[tcp_index].value() == 1);
  CHECK(world.counters().connections[tcp_index].value() == 1);
  peer.socket().close();
  poll();
  CHECK(world.counters().connections[tcp_index].value() == 0);
  CHECK(connections.empty());
}

TEST_CASE_METHOD(Listening, "a listener that is closed takes nobody any more", "[proxy][stream]") {
  listen();
  listener->close();
  poll();
  tcp::socket socket(context);
  boost::system::error_code error;
  socket.connect(endpoint, error);
  CHECK(error == boost::asio::error::connection_refused);
}

TEST_CASE_METHOD(Listening, "a listener that is closed serves those who were there before",
                 "[proxy][stream]") {
  listen();
  tcp::socket socket(context);
  socket.connect(endpoint);
  listener->close();
  connections.drain();
  poll();
  StreamPeer peer(std::move(socket));
  peer.ask("x. AXFR", 1);
  poll();
  CHECK(peer.take_answers().size() == 1);
}

TEST_CASE_METHOD(StreamFixture, "one client cannot have more connections than its bound",
                 "[proxy][stream]") {
  limits.max_connections_per_client = 2;
  StreamPeer first = connect("127.0.1.5");
  StreamPeer second = connect("127.0.1.5");
  StreamPeer third = connect("127.0.1.5");
  StreamPeer other = connect("127.0.1.6");
  CHECK(third.is_closed());
  CHECK_FALSE(first.is_closed());
  CHECK_FALSE(other.is_closed());
  CHECK(limited(LimitReason::connections_per_client) == 1);
  first.socket().close();
  poll();
  StreamPeer again = connect("127.0.1.5");
  CHECK_FALSE(again.is_closed());
}

TEST_CASE_METHOD(StreamFixture, "at the bound of all, who is idle for longest makes room",
                 "[proxy][stream]") {
  limits.max_connections = 3;
  StreamPeer waiting = connect("127.0.1.1");
  waiting.ask("www.example. A", 1);
  poll();
  elapse(1s);
  StreamPeer idle = connect("127.0.1.2");
  elapse(1s);
  StreamPeer recent = connect("127.0.1.3");
  StreamPeer newest = connect("127.0.1.4");
  CHECK(idle.is_closed());
  CHECK_FALSE(waiting.is_closed());
  CHECK_FALSE(recent.is_closed());
  CHECK_FALSE(newest.is_closed());
  CHECK(limited(LimitReason::connections) == 1);
}

TEST_CASE_METHOD(StreamFixture, "at the bound of all with nobody idle, newcomers have to go",
                 "[proxy][stream]") {
  limits.max_connections = 1;
  StreamPeer waiting = connect("127.0.1.1");
  waiting.ask("www.example. A", 1);
  poll();
  StreamPeer newcomer = connect("127.0.1.2");
  CHECK(newcomer.is_closed());
  CHECK_FALSE(waiting.is_closed());
}

TEST_CASE_METHOD(Listening, "garbage instead of a TLS handshake is counted and closed",
                 "[proxy][stream]") {
  const tests::TemporaryDirectory directory;
  tests::CertificateAuthority authority(directory.path() / "ca");
  listen(*TlsServerContext::load(authority.issue({.names = {"sluice.test"}})));
  StreamPeer peer = dial();
  CHECK(world.counters().connections[tls_index].value() == 1);
  peer.write(Octets(100, std::uint8_t{'x'}));
  poll();
  CHECK(peer.is_closed());
  CHECK(world.counters().tls_handshake_failures.value() == 1);
  CHECK(world.counters().connections[tls_index].value() == 0);
}

TEST_CASE_METHOD(Listening, "draining does not cut a TLS handshake short", "[proxy][stream]") {
  const tests::TemporaryDirectory directory;
  tests::CertificateAuthority authority(directory.path() / "ca");
  listen(*TlsServerContext::load(authority.issue({.names = {"sluice.test"}})));
  StreamPeer peer = dial();
  connections.drain();
  elapse(300ms);
  CHECK_FALSE(peer.is_closed());
  elapse(10s);
  CHECK(peer.is_closed());
}

TEST_CASE_METHOD(Listening, "a TLS handshake that does not go on is ended by the idle timeout",
                 "[proxy][stream]") {
  const tests::TemporaryDirectory directory;
  tests::CertificateAuthority authority(directory.path() / "ca");
  listen(*TlsServerContext::load(authority.issue({.names = {"sluice.test"}})));
  StreamPeer peer = dial();
  elapse(10s);
  CHECK(peer.is_closed());
  CHECK(connections.empty());
}

}  // namespace sluice::proxy
