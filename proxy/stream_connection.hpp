// SPDX-License-Identifier: Apache-2.0
// One TCP or DoT client: reads pipelined queries (RFC 7766 6.2.1.1), writes answers as they come,
// in any order.
#pragma once

#include <memory>
#include <span>

#include <boost/asio/awaitable.hpp>

#include "proxy/client_connection.hpp"
#include "proxy/stream_messages.hpp"

namespace sluice::proxy {

class StreamConnection final : public ClientConnection {
 public:
  StreamConnection(std::unique_ptr<Stream> stream, const Origin& origin, StreamServices& services);

 private:
  boost::asio::awaitable<void> serve() override;
  void append(const Origin& origin, std::span<const std::uint8_t> message) override;
  [[nodiscard]] bool is_amid_query() const override { return received_.is_partial(); }

  StreamMessages received_;
};

}  // namespace sluice::proxy
