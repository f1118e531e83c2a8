// SPDX-License-Identifier: Apache-2.0
// One DoH client (RFC 8484): each request of its HTTP/2 connection is a query, judged and answered
// as those of every other transport. Who asks is the connection's matter, by address and
// certificate: no path and no header field has a say.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "proxy/client_connection.hpp"
#include "proxy/http2_session.hpp"

namespace sluice::proxy {

class HttpConnection final : public ClientConnection {
 public:
  /// `path` is where DNS is served; everything else is 404.
  HttpConnection(std::unique_ptr<Stream> stream, const Origin& origin, StreamServices& services,
                 std::string path);

 private:
  boost::asio::awaitable<void> serve() override;
  void append(const Origin& origin, std::span<const std::uint8_t> message) override;
  [[nodiscard]] bool owes_answers() const override { return session_.owes_answers(); }
  void on_drain() override;
  void on_end() override;

  void take(std::span<const std::uint8_t> octets);
  void handle(Http2Request& asked);
  void collect();

  std::string path_;
  Http2Session session_;
  std::array<std::uint8_t, 4096> received_{};  ///< dozens of requests
};

}  // namespace sluice::proxy
