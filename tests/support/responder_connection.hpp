// SPDX-License-Identifier: Apache-2.0
// One TCP or TLS connection of the responder: reads messages as they come, sends answers as they
// get ready, many in one write when they come quickly.
#pragma once

#include <array>
#include <memory>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/responder_script.hpp"

namespace sluice::tests {

/// What the responder needs to know of a connection, whatever its stream is.
class ClosableConnection {
 public:
  virtual ~ClosableConnection() = default;
  virtual void close() = 0;
};

template <typename Stream>
class ResponderConnection : public ClosableConnection,
                            public std::enable_shared_from_this<ResponderConnection<Stream>> {
 public:
  ResponderConnection(Stream stream, ResponderScript& script)
      : stream_(std::move(stream)), script_(script) {}

  [[nodiscard]] Stream& stream() { return stream_; }

  /// Until the peer closes or something fails. The caller keeps the connection alive.
  boost::asio::awaitable<void> run() {
    while (true) {
      const auto room = boost::asio::buffer(input_.data() + filled_, input_.size() - filled_);
      const auto [error, size] =
          co_await stream_.async_read_some(room, boost::asio::as_tuple(boost::asio::use_awaitable));
      if (error) co_return;
      filled_ += size;
      answer_complete_messages();
    }
  }

  void close() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  /// Each message has its length in two octets in front (RFC 1035 4.2.2).
  void answer_complete_messages() {
    std::size_t done = 0;
    while (filled_ - done >= 2) {
      const std::size_t size = static_cast<std::size_t>(input_[done]) << 8 | input_[done + 1];
      if (filled_ - done - 2 < size) break;
      send(script_.reply_to(std::span(input_).subspan(done + 2, size), 65535));
      done += 2 + size;
    }
    std::copy(input_.begin() + static_cast<std::ptrdiff_t>(done),
              input_.begin() + static_cast<std::ptrdiff_t>(filled_), input_.begin());
    filled_ -= done;
    flush();
  }

  void send(const Reply& reply) {
    if (reply.close) return close();
    if (reply.delay.count() == 0) return enqueue(reply);
    auto timer = std::make_shared<boost::asio::steady_timer>(stream_.get_executor(), reply.delay);
    timer->async_wait([self = this->shared_from_this(), timer, reply](auto error) {
      if (error) return;
      self->enqueue(reply);
      self->flush();
    });
  }

  void enqueue(const Reply& reply) {
    for (const Octets& message : reply.messages) {
      waiting_.push_back(static_cast<std::uint8_t>(message.size() >> 8));
      waiting_.push_back(static_cast<std::uint8_t>(message.size()));
      waiting_.insert(waiting_.end(), message.begin(), message.end());
    }
  }

  void flush() {
    if (!sending_.empty() || waiting_.empty()) return;
    sending_.swap(waiting_);
    boost::asio::async_write(stream_, boost::asio::buffer(sending_),
                             [self = this->shared_from_this()](auto error, std::size_t) {
                               self->sending_.clear();
                               if (!error) self->flush();
                             });
  }

  Stream stream_;
  ResponderScript& script_;
  std::array<std::uint8_t, 65537> input_;
  std::size_t filled_ = 0;
  Octets waiting_;
  Octets sending_;
};

}  // namespace sluice::tests
