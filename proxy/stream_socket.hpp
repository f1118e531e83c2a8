// SPDX-License-Identifier: Apache-2.0
// What the plain and the TLS stream share: a connected socket, its readiness, and the two system
// calls.
#pragma once

#include <cstdint>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "proxy/stream.hpp"

namespace sluice::proxy {

/// A connected non-blocking socket. Not a Stream itself.
class StreamSocket {
 public:
  explicit StreamSocket(boost::asio::ip::tcp::socket socket);

  IoResult read(std::span<std::uint8_t> buffer) noexcept;
  /// Without SIGPIPE, whatever the process does with that signal.
  IoResult write(std::span<const std::uint8_t> data) noexcept;
  boost::asio::awaitable<void> ready(IoStatus want);
  void close() noexcept;
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  /// errno of the last call that failed.
  [[nodiscard]] int last_error() const { return last_error_; }

 private:
  IoStatus status_of_error(IoStatus would_block) noexcept;

  boost::asio::ip::tcp::socket socket_;
  int descriptor_;
  int last_error_ = 0;
};

}  // namespace sluice::proxy
