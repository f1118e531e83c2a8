// SPDX-License-Identifier: Apache-2.0
// A DNS server over UDP and TCP on one port that does what a test says, in the test's event loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "proxy/origin.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::proxy {

/// Lives in one event loop, which must not run any longer than it lives.
class PlainServer {
 public:
  /// What is sent back, message by message.
  using Script =
      std::function<std::vector<tests::Octets>(const tests::Octets& query, Transport transport)>;

  PlainServer(boost::asio::io_context& context, Script script)
      : script_(std::move(script)), socket_(context), acceptor_(context) {
    while (!bind_both())
      continue;
    boost::asio::co_spawn(context, [this] { return serve_udp(); }, rethrow);
    boost::asio::co_spawn(context, [this] { return accept_tcp(); }, rethrow);
  }

  [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }

  std::set<std::uint16_t> client_ports;  ///< of UDP
  std::set<std::uint16_t> ids;
  std::size_t udp_queries = 0;
  std::size_t tcp_queries = 0;

 private:
  using tcp = boost::asio::ip::tcp;
  static constexpr auto use_result = boost::asio::as_tuple(boost::asio::use_awaitable);

  /// False when somebody has the TCP port of the same number as the UDP port that the kernel chose.
  bool bind_both() {
    const auto loopback = boost::asio::ip::address_v4::loopback();
    boost::system::error_code taken;
    socket_ = {acceptor_.get_executor(), {loopback, 0}};
    acceptor_ = tcp::acceptor(acceptor_.get_executor(), tcp::v4());
    acceptor_.bind({loopback, port()}, taken);
    if (!taken) acceptor_.listen();
    return !taken;
  }

  static void rethrow(const std::exception_ptr& exception) {
    if (exception) std::rethrow_exception(exception);
  }

  boost::asio::awaitable<void> serve_udp() {
    std::array<std::uint8_t, 4096> buffer{};
    while (true) {
      boost::asio::ip::udp::endpoint peer;
      const auto [error, size] =
          co_await socket_.async_receive_from(boost::asio::buffer(buffer), peer, use_result);
      if (error == boost::asio::error::operation_aborted) co_return;
      if (error) continue;
      ++udp_queries;
      client_ports.insert(peer.port());
      ids.insert(static_cast<std::uint16_t>(buffer[0] << 8 | buffer[1]));
      const tests::Octets query(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
      for (const auto& message : script_(query, Transport::udp))
        co_await socket_.async_send_to(boost::asio::buffer(message), peer, use_result);
    }
  }

  boost::asio::awaitable<void> accept_tcp() {
    while (true) {
      auto [error, socket] = co_await acceptor_.async_accept(use_result);
      if (error) co_return;
      boost::asio::co_spawn(
          acceptor_.get_executor(),
          [this, peer = std::make_shared<tcp::socket>(std::move(socket))] {
            return serve_tcp(peer);
          },
          rethrow);
    }
  }

  boost::asio::awaitable<void> serve_tcp(std::shared_ptr<tcp::socket> peer) {
    while (true) {
      std::array<std::uint8_t, 2> prefix{};
      const auto [error, got] =
          co_await boost::asio::async_read(*peer, boost::asio::buffer(prefix), use_result);
      if (error) co_return;
      tests::Octets query(static_cast<std::size_t>(prefix[0]) << 8 | prefix[1]);
      const auto [failed, read] =
          co_await boost::asio::async_read(*peer, boost::asio::buffer(query), use_result);
      if (failed) co_return;
      ++tcp_queries;
      for (const auto& message : script_(query, Transport::tcp)) {
        tests::Octets framed{static_cast<std::uint8_t>(message.size() >> 8),
                             static_cast<std::uint8_t>(message.size())};
        framed.insert(framed.end(), message.begin(), message.end());
        co_await boost::asio::async_write(*peer, boost::asio::buffer(framed), use_result);
      }
    }
  }

  Script script_;
  boost::asio::ip::udp::socket socket_;
  tcp::acceptor acceptor_;
};

}  // namespace sluice::proxy
