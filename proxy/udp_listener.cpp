// SPDX-License-Identifier: Apache-2.0
#include "proxy/udp_listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "proxy/listener_socket.hpp"

namespace sluice::proxy {

namespace asio = boost::asio;

UdpListener::UdpListener(asio::ip::udp::socket socket, std::uint16_t number, Pipeline& pipeline,
                         WorkerCounters& counters)
    : socket_(std::move(socket)),
      family_(socket_.local_endpoint().protocol().family()),
      number_(number),
      pipeline_(pipeline),
      counters_(counters) {}

asio::awaitable<void> UdpListener::run() {
  while (socket_.is_open()) {
    const auto [error] = co_await socket_.async_wait(asio::ip::udp::socket::wait_read,
                                                     asio::as_tuple(asio::use_awaitable));
    if (error) co_return;  // closed
    serve_waiting();
  }
}

void UdpListener::serve_waiting() {
  for (int i = 0; i < max_batches_in_a_row && in_.receive(socket_.native_handle()); ++i) {
    serve_batch();
    if (in_.size() < UdpBatch::capacity) return;
  }
}

void UdpListener::serve_batch() {
  const TimePoint now = std::chrono::steady_clock::now();
  Origin origin;
  origin.listener = number_;
  for (std::size_t i = 0; i < in_.size(); ++i) {
    in_.read_origin(i, origin);
    const auto handled = pipeline_.handle(in_.message(i), origin, now, out_.next_buffer());
    if (handled.size != 0) out_.push(handled.size, origin, family_);
  }
  flush();
}

void UdpListener::reply(const Origin& origin, std::span<const std::uint8_t> message) {
  std::copy(message.begin(), message.end(), out_.next_buffer().begin());
  out_.push(message.size(), origin, family_);
  flush();
}

void UdpListener::flush() {
  const std::size_t lost = out_.send(socket_.native_handle());
  if (lost != 0) counters_.dropped[static_cast<std::size_t>(DropReason::send_failed)].add(lost);
}

void UdpListener::divert() {
  if (socket_.is_open()) divert_udp_socket(socket_);
}

bool UdpListener::is_empty() {
  std::uint8_t octet = 0;
  return recv(socket_.native_handle(), &octet, sizeof octet, MSG_PEEK | MSG_DONTWAIT) < 0;
}

void UdpListener::close() {
  if (!socket_.is_open()) return;
  serve_waiting();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace sluice::proxy
