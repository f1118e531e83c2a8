// SPDX-License-Identifier: Apache-2.0
// A DNS-over-TLS server that does what a test says, in the test's own event loop. Built on Asio's
// TLS stream and not on ours, so that the two are tested against each other.
//
//   TlsServer server(context, files, [](TlsServer::Connection& peer, Octets query) {
//     peer.send(make_response(query));
//   });
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "config/settings.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {

/// Lives in one event loop, which must not run any longer than it lives.
class TlsServer {
 public:
  class Connection {
   public:
    virtual ~Connection() = default;
    /// Frames the message and sends it.
    virtual void send(std::span<const std::uint8_t> message) = 0;
    /// Sends the octets one by one, each in a TLS record of its own.
    virtual void send_split(std::span<const std::uint8_t> message) = 0;
    /// Ends the connection after what was sent.
    virtual void close() = 0;
    /// Queries that came on this connection so far.
    [[nodiscard]] virtual std::size_t queries() const = 0;
  };
  using Script = std::function<void(Connection& connection, const Octets& query)>;

  TlsServer(boost::asio::io_context& context, const config::ServerTls& files, Script script);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// For connections from now on.
  void use_certificate(const config::ServerTls& files);
  void use_script(Script script) { script_ = std::move(script); }
  /// Stops listening and drops all connections, as a process that ends.
  void stop();
  /// Listens again, on the same port.
  void start();
  void close_connections();

  [[nodiscard]] std::size_t accepted() const { return accepted_; }
  [[nodiscard]] std::size_t handshakes() const { return handshakes_; }
  [[nodiscard]] std::size_t resumed() const { return resumed_; }
  [[nodiscard]] std::size_t queries() const { return queries_; }

 private:
  class Session;
  struct Contexts;
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(std::shared_ptr<Session> session);

  boost::asio::io_context& context_;
  std::unique_ptr<Contexts> tls_;
  Script script_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::list<std::weak_ptr<Session>> sessions_;
  std::size_t accepted_ = 0;
  std::size_t handshakes_ = 0;
  std::size_t resumed_ = 0;
  std::size_t queries_ = 0;
};

/// A script that answers everything with NOERROR and no records.
void answer_everything(TlsServer::Connection& connection, const Octets& query);

}  // namespace sluice::tests
