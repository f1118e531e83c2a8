// SPDX-License-Identifier: Apache-2.0
// One TCP, DoT or DoH socket of one worker: accepts connections and keeps them within their bounds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "proxy/client_connection.hpp"
#include "proxy/tls_context.hpp"

namespace sluice::proxy {

/// All stream connections of a worker, by number. Lives on the worker's thread.
class StreamConnections {
 public:
  explicit StreamConnections(StreamServices& services) : services_(services) {}

  /// Takes a new connection in and serves it, or closes it when its client has too many. At the
  /// bound of the worker the connection that has been idle for longest makes room.
  void add(std::unique_ptr<Stream> stream, Origin origin);
  /// The same for DoH, at `path`.
  void add_http(std::unique_ptr<Stream> stream, Origin origin, const std::string& path);
  /// Answers go to the connection that asked, if it is still there.
  void reply(const Origin& origin, std::span<const std::uint8_t> message);
  void check_idle(TimePoint now);
  void drain();
  void close();
  [[nodiscard]] bool empty() const { return connections_.empty(); }

 private:
  template <typename Make>
  void take(std::unique_ptr<Stream> stream, Origin origin, Make&& make);
  [[nodiscard]] bool admit(const Origin& origin);
  [[nodiscard]] bool close_longest_idle();
  void remove(std::uint64_t number);
  void limit(LimitReason reason);

  StreamServices& services_;
  std::map<std::uint64_t, std::shared_ptr<ClientConnection>> connections_;
  std::map<filters::Address, std::uint32_t> per_client_;
  std::uint64_t last_number_ = 0;
};

/// Which listener of the settings a socket is of.
struct StreamListenerRole {
  std::uint16_t number = 0;  ///< index in the settings
  Transport transport = Transport::tcp;
  std::string http_path = {};  ///< DoH
};

/// Accepts on one socket.
class StreamListener {
 public:
  /// `tls` for DoT and DoH.
  StreamListener(boost::asio::ip::tcp::acceptor acceptor, StreamListenerRole role,
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
  StreamListenerRole role_;
  std::optional<TlsServerContext> tls_;
  StreamConnections& connections_;
};

}  // namespace sluice::proxy
