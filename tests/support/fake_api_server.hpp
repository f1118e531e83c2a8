// SPDX-License-Identifier: Apache-2.0
// An API server over TLS in the test's own event loop that answers as the test says, wrongly too.
//
//   FakeApiServer server(context, files, [](FakeApiServer::ExchangePointer exchange) {
//     if (exchange->request().target.starts_with("/api/v1/pods?watch")) {
//       exchange->begin_stream();                   // kept by the test, written to later
//     } else {
//       exchange->answer(200, R"({"metadata":{"resourceVersion":"1"},"items":[]})");
//     }
//   });
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "config/settings.hpp"

namespace sluice::tests {

struct ApiServerRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::string alpn;  ///< what TLS agreed upon
};

/// Lives in one event loop, which must not run any longer than it lives.
class FakeApiServer {
 public:
  using Headers = std::map<std::string, std::string>;

  /// One request and whatever is sent back, in the order of the calls.
  class Exchange {
   public:
    virtual ~Exchange() = default;
    [[nodiscard]] virtual const ApiServerRequest& request() const = 0;
    /// A whole answer.
    void answer(unsigned status, const std::string& body, const Headers& headers = {});
    /// 200 and a body in chunks.
    void begin_stream();
    void send_chunk(const std::string& octets);
    /// The last chunk: the end in order.
    void end_stream();
    /// Any octets at all.
    virtual void send(std::string octets) = 0;
    /// Ends TCP after what was sent.
    virtual void drop() = 0;
    /// Ends TLS after what was sent, and leaves TCP as it is.
    virtual void half_close() = 0;
  };
  using ExchangePointer = std::shared_ptr<Exchange>;
  using Script = std::function<void(const ExchangePointer& exchange)>;

  FakeApiServer(boost::asio::io_context& context, const config::ServerTls& files, Script script);
  FakeApiServer(const FakeApiServer&) = delete;
  FakeApiServer& operator=(const FakeApiServer&) = delete;
  ~FakeApiServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void use_script(Script script) { script_ = std::move(script); }
  /// For connections from now on.
  void use_certificate(const config::ServerTls& files);
  /// Stops listening and drops all connections, as a process that ends.
  void stop();
  /// Listens again, on the same port.
  void start();

  [[nodiscard]] std::size_t accepted() const { return accepted_; }
  [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
  class Session;
  struct Tls;
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(std::shared_ptr<Session> session);

  boost::asio::io_context& context_;
  std::unique_ptr<Tls> tls_;
  Script script_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::list<std::weak_ptr<Session>> sessions_;
  std::size_t accepted_ = 0;
  std::size_t requests_ = 0;
};

}  // namespace sluice::tests
