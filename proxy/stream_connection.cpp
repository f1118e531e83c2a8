// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_connection.hpp"

namespace sluice::proxy {
namespace {

/// Several queries in one read; grows for a longer one.
constexpr std::size_t read_buffer_size = 4096;

}  // namespace

StreamConnection::StreamConnection(std::unique_ptr<Stream> stream, const Origin& origin,
                                   StreamServices& services)
    : ClientConnection(std::move(stream), origin, services), received_(read_buffer_size) {}

boost::asio::awaitable<void> StreamConnection::serve() {
  while (!is_closed()) {
    const IoResult read = co_await receive(received_.space());
    if (read.status != IoStatus::done) co_return;
    received_.commit(read.bytes);
    TimePoint now = services().clock.now();
    while (const auto message = received_.next()) {
      ask(*message, origin(), now);
      if (has_room()) continue;
      co_await wait_for_room();
      if (is_closed()) co_return;
      now = services().clock.now();
    }
    flush();
  }
}

void StreamConnection::append(const Origin& /*origin*/, std::span<const std::uint8_t> message) {
  auto& octets = unsent();
  octets.push_back(static_cast<std::uint8_t>(message.size() >> 8));
  octets.push_back(static_cast<std::uint8_t>(message.size()));
  octets.insert(octets.end(), message.begin(), message.end());
  mark_answer();
}

}  // namespace sluice::proxy
