// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_socket.hpp"

#include <cerrno>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

namespace sluice::proxy {

using boost::asio::ip::tcp;

StreamSocket::StreamSocket(tcp::socket socket)
    : socket_(std::move(socket)), descriptor_(socket_.native_handle()) {
  boost::system::error_code ignored;  // a socket that is broken already says so when it is used
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
}

IoResult StreamSocket::read(std::span<std::uint8_t> buffer) noexcept {
  if (!is_open()) return {IoStatus::closed};
  const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (size > 0) return {IoStatus::done, static_cast<std::size_t>(size)};
  return {size == 0 ? IoStatus::closed : status_of_error(IoStatus::want_read)};
}

IoResult StreamSocket::write(std::span<const std::uint8_t> data) noexcept {
  if (!is_open()) return {IoStatus::closed};
  const ssize_t size = ::send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL);
  if (size >= 0) return {IoStatus::done, static_cast<std::size_t>(size)};
  return {status_of_error(IoStatus::want_write)};
}

boost::asio::awaitable<void> StreamSocket::ready(IoStatus want) {
  if (!is_open()) co_return;
  const auto what = want == IoStatus::want_write ? tcp::socket::wait_write : tcp::socket::wait_read;
  // The error is not looked at: the operation that is tried next finds it again.
  co_await socket_.async_wait(what, boost::asio::as_tuple(boost::asio::use_awaitable));
}

void StreamSocket::close() noexcept {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

IoStatus StreamSocket::status_of_error(IoStatus would_block) noexcept {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return would_block;
  last_error_ = errno;
  return IoStatus::failed;
}

}  // namespace sluice::proxy
