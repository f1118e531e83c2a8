// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_connection.hpp"

#include <array>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;

/// A client that does not read gets no more answers made for it than this (kresd grew by 2.5 GB
/// here).
constexpr std::size_t max_unsent = 256 << 10;
/// Longer than a client takes from its connection to its first query, or from one query of a lookup
/// to the next.
constexpr std::chrono::milliseconds drain_silence{250};
constexpr std::size_t max_message_size = 65535;

}  // namespace

ClientConnection::ClientConnection(std::unique_ptr<Stream> stream, const Origin& origin,
                                   StreamServices& services)
    : stream_(std::move(stream)),
      origin_(origin),
      services_(services),
      gate_(services.context, asio::steady_timer::time_point::max()),
      last_progress_(services.clock.now()) {}

asio::awaitable<void> ClientConnection::run() {
  // In a variable: GCC 12 lays out the frame wrongly when co_await stands in the condition.
  const IoStatus opened = co_await handshake(*stream_);
  if (opened == IoStatus::done) {
    is_open_ = true;
    last_progress_ = services_.clock.now();
    identify();
    co_await serve();
    co_await wait_until_answered();
    end();
  } else {
    services_.counters.tls_handshake_failures.add();
    close();
  }
}

void ClientConnection::end() {
  if (closed_) return;
  on_end();
  flush();
  close();
}

void ClientConnection::identify() {
  const X509* certificate = stream_->peer_certificate();
  if (services_.certificates == nullptr || certificate == nullptr) return;
  origin_.certificate = services_.certificates->claim_of(*certificate);
}

asio::awaitable<IoResult> ClientConnection::receive(std::span<std::uint8_t> space) {
  const bool has_asked = std::exchange(has_asked_, false);
  if (!draining_ || !has_asked || is_amid_query()) co_return co_await read_some(*stream_, space);
  co_await wait_until_answered();
  co_return read_last(space);
}

IoResult ClientConnection::read_last(std::span<std::uint8_t> space) {
  const IoResult read = stream_->try_read(space);
  if (read.status != IoStatus::want_read) return read;
  return stream_->try_read(space);  // a stream remembers that it was empty once
}

bool ClientConnection::ask(std::span<const std::uint8_t> message, const Origin& origin,
                           TimePoint now) {
  // One buffer for all connections of a thread: an answer is copied behind the others at once.
  static thread_local std::array<std::uint8_t, max_message_size> answer;
  last_progress_ = now;
  has_asked_ = true;
  const auto handled = services_.pipeline.handle(message, origin, now, answer);
  if (handled.waits) ++waiting_;
  if (handled.size != 0) append(origin, std::span(answer).first(handled.size));
  return handled.waits || handled.size != 0;
}

bool ClientConnection::has_room() const {
  return waiting_ < services_.limits.max_queries_per_connection && unsent_.size() < max_unsent;
}

asio::awaitable<void> ClientConnection::wait_for_room() {
  flush();
  if (has_room()) co_return;
  services_.counters.limited[static_cast<std::size_t>(LimitReason::queries_per_connection)].add();
  while (!has_room() && !closed_)
    co_await sleep();
}

/// A peer that closed its side only still gets its answers (RFC 7766 6.2.4).
asio::awaitable<void> ClientConnection::wait_until_answered() {
  flush();
  while (!is_idle() && !closed_)
    co_await sleep();
}

asio::awaitable<void> ClientConnection::sleep() {
  co_await gate_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void ClientConnection::reply(const Origin& origin, std::span<const std::uint8_t> message) {
  if (closed_) return;
  --waiting_;
  append(origin, message);
  flush();
  wake();
}

void ClientConnection::flush() {
  if (flushing_slowly_ || unsent_.empty() || closed_) return;
  std::size_t sent = 0;
  IoResult result{IoStatus::done};
  while (sent < unsent_.size()) {
    result = stream_->try_write(std::span(unsent_).subspan(sent));
    if (result.status != IoStatus::done) break;
    sent += result.bytes;
  }
  if (sent != 0 && has_unsent_answer_) last_progress_ = services_.clock.now();
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent));
  if (result.status == IoStatus::done) {
    has_unsent_answer_ = false;
    return;
  }
  if (result.status != IoStatus::want_read && result.status != IoStatus::want_write) return close();
  flushing_slowly_ = true;
  asio::co_spawn(
      services_.context,
      [self = shared_from_this(), want = result.status] { return self->flush_slowly(want); },
      [](const std::exception_ptr& exception) {
        if (exception) log::error("writing to a client failed unexpectedly");
      });
}

asio::awaitable<void> ClientConnection::flush_slowly(IoStatus want) {
  co_await stream_->ready(want);
  flushing_slowly_ = false;
  flush();
  if (!flushing_slowly_) wake();
}

void ClientConnection::check_idle(TimePoint now) {
  if (closed_ || waiting_ != 0) return;
  const auto silent_for = now - last_progress_;
  if (draining_ && is_open_ && is_idle() && silent_for > drain_silence) return end();
  if (silent_for < services_.limits.idle_timeout) return;
  services_.counters.limited[static_cast<std::size_t>(LimitReason::idle_timeout)].add();
  close();
}

void ClientConnection::drain() {
  draining_ = true;
  last_progress_ = services_.clock.now();
  if (!is_open_) return;  // nothing may be written yet
  on_drain();
  flush();
}

void ClientConnection::close() {
  if (closed_) return;
  closed_ = true;
  stream_->close();
  wake();
}

}  // namespace sluice::proxy
