// SPDX-License-Identifier: Apache-2.0
#include "proxy/dot_upstream_connection.hpp"

#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

/// Many answers with one read, and few connections: a generous start.
constexpr std::size_t read_buffer_size = 16384;
/// Of queries that a slow server has not taken: some thousand, then others must take them
/// (CVE-2026-33594).
constexpr std::size_t max_unsent_size = 262144;

}  // namespace

DotConnection::DotConnection(boost::asio::io_context& context, DotConnectionOwner& owner,
                             std::size_t endpoint_index)
    : owner_(&owner),
      endpoint_index_(endpoint_index),
      socket_(context),
      received_(read_buffer_size),
      opened_at_(std::chrono::steady_clock::now()) {}

void DotConnection::open(const boost::asio::ip::tcp::endpoint& address, MakeDotStream make_stream) {
  address_ = address;
  make_stream_ = std::move(make_stream);
  spawn([this] { return run(); });
}

void DotConnection::close() noexcept {
  owner_ = nullptr;
  state_ = State::closed;
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (stream_) stream_->close();
}

void DotConnection::disconnect(IoStatus why, const std::string& reason) {
  if (owner_ == nullptr) return;
  DotConnectionOwner* owner = owner_;
  close();
  owner->on_disconnected(*this, why, reason);
}

bool DotConnection::has_room(std::size_t message_size) const {
  return !ids_.is_full() && unsent_.size() + stream_prefix_size + message_size <= max_unsent_size;
}

void DotConnection::send(QueryReference reference, std::span<const std::uint8_t> message,
                         RandomNumbers& random, TimePoint now) {
  if (ids_.size() == 0) last_progress_ = now;
  const std::uint16_t id = ids_.insert(reference, random);
  const auto size = static_cast<std::uint16_t>(message.size());
  for (const std::uint16_t number : {size, id}) {
    unsent_.push_back(static_cast<std::uint8_t>(number >> 8U));
    unsent_.push_back(static_cast<std::uint8_t>(number));
  }
  const auto after_id = message.subspan(sizeof(id));
  unsent_.insert(unsent_.end(), after_id.begin(), after_id.end());
  if (flush_pending_) return;
  flush_pending_ = true;
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->flush(); });
}

void DotConnection::finish(std::uint16_t id, TimePoint now) {
  ids_.erase(id);
  ++answered_;
  last_progress_ = now;
}

TimePoint::duration DotConnection::silence(TimePoint now) const {
  return ids_.size() == 0 ? TimePoint::duration::zero() : now - last_progress_;
}

boost::asio::awaitable<void> DotConnection::run() {
  IoStatus status = co_await connect();
  if (status == IoStatus::done && owner_ != nullptr) {
    state_ = State::ready;
    was_connected_ = true;
    owner_->on_connected(*this);
  }
  while (status == IoStatus::done && owner_ != nullptr) {
    const IoResult result = co_await read_some(*stream_, received_.space());
    status = result.status;
    if (status != IoStatus::done) break;
    received_.commit(result.bytes);
    while (owner_ != nullptr) {
      const auto message = received_.next();
      if (!message) break;
      owner_->on_message(*this, *message);
    }
  }
  disconnect(status, failure_text());
}

boost::asio::awaitable<IoStatus> DotConnection::connect() {
  const auto [error] =
      co_await socket_.async_connect(address_, boost::asio::as_tuple(boost::asio::use_awaitable));
  if (owner_ == nullptr) co_return IoStatus::closed;
  if (error) {
    connect_error_ = error.message();
    co_return IoStatus::failed;
  }
  stream_ = make_stream_(std::move(socket_));
  co_return co_await handshake(*stream_);
}

void DotConnection::flush() {
  while (state_ == State::ready && !unsent_.empty()) {
    const IoResult result = stream_->try_write(unsent_);
    if (result.status == IoStatus::want_read || result.status == IoStatus::want_write)
      return spawn([this, want = result.status] { return flush_slowly(want); });
    if (result.status != IoStatus::done) return disconnect(result.status, failure_text());
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(result.bytes));
  }
  flush_pending_ = false;
}

/// The socket is full: only then does writing need a coroutine of its own.
boost::asio::awaitable<void> DotConnection::flush_slowly(IoStatus want) {
  co_await stream_->ready(want);
  flush();
}

std::string DotConnection::failure_text() const {
  return stream_ ? stream_->failure_text() : connect_error_;
}

template <typename Coroutine>
void DotConnection::spawn(Coroutine&& coroutine) {
  boost::asio::co_spawn(
      socket_.get_executor(),
      [self = shared_from_this(), coroutine = std::forward<Coroutine>(coroutine)] {
        return coroutine();
      },
      [self = shared_from_this()](const std::exception_ptr& exception) {
        if (!exception) return;
        log::error("a connection to an upstream ended by an exception");
        self->disconnect(IoStatus::failed, "exception");
      });
}

}  // namespace sluice::proxy
