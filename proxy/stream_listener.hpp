// SPDX-License-Identifier: Apache-2.0
// One TCP or DoT socket of one worker: accepts connections and keeps them within their bounds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "proxy/stream_connection.hpp"

namespace sluice::proxy {

/// All stream connections of a worker, by number. Lives on the worker's thread.
class StreamConnections {
 public:
  explicit StreamConnections(StreamServices& services) : services_(services) {}

  /// Takes a new connection in and serves it, or closes it when its client has too many. At the
  /// bound of the worker the connection that has been idle for longest makes room.
  void add(std::unique_ptr<Stream> stream, Origin origin);
  /// Answers go to the connection that asked, if it is still there.
  void reply(const Origin& origin, std::span<const std::uint8_t> message);
  void check_idle(TimePoint now);
  void drain();
  void close();
  [[nodiscard]] bool empty() const { return connections_.empty(); }

 private:
  [[nodiscard]] bool admit(const Origin& origin);
  [[nodiscard]] bool close_longest_idle();
  void remove(std::uint64_t number);
  void limit(LimitReason reason);

  StreamServices& services_;
  std::map<std::uint64_t, std::shared_ptr<StreamConnection>> connections_;
  std::map<filters::Address, std::uint32_t> per_client_;
  std::uint64_t last_number_ = 0;
};

/// Accepts on one socket.
class StreamListener {
 public:
  /// `tls` for DoT. `number` is the index of the listener in the settings.
  StreamListener(boost::asio::ip::tcp::acceptor acceptor, std::uint16_t number,
                 std::optional<TlsServerContext> tls, StreamConnections& connections);

  /// Accepts until close().
  boost::asio::awaitable<void> run();
  /// Takes those in that the kernel has accepted already: closing would reset them.
  void close();
  /// For connections to come: a certificate that was renewed.
  void set_tls(TlsServerContext tls) { tls_ = std::move(tls); }

 private:
  void take(boost::asio::ip::tcp::socket socket);

  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t number_;
  std::optional<TlsServerContext> tls_;
  StreamConnections& connections_;
};

}  // namespace sluice::proxy
