// SPDX-License-Identifier: Apache-2.0
// One TCP or DoT client: reads pipelined queries (RFC 7766 6.2.1.1), writes answers as they come,
// in any order. One coroutine for its whole life; a second only while the peer is slow to read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/stream.hpp"
#include "proxy/stream_messages.hpp"

namespace sluice::proxy {

/// What all connections of a worker use; outlives them.
struct StreamServices {
  boost::asio::io_context& context;
  Pipeline& pipeline;
  WorkerCounters& counters;
  const config::Limits& limits;
  const Clock& clock;
};

/// Shared by its worker and its own coroutines. Lives on the worker's thread.
class StreamConnection : public std::enable_shared_from_this<StreamConnection> {
 public:
  StreamConnection(std::unique_ptr<Stream> stream, const Origin& origin, StreamServices& services);

  /// Handshake, queries, answers; returns when the connection is over.
  boost::asio::awaitable<void> run();
  /// Writes the answer to a query that had to wait.
  void reply(std::span<const std::uint8_t> message);
  /// Closes the connection if nothing has happened on it for the idle timeout, or for a moment when
  /// it drains. Octets alone are no progress: a whole query is, or an answer that the peer takes.
  void check_idle(TimePoint now);
  /// Ends as soon as no query is left, behind an answer: a client that has one is about to ask
  /// again or not at all, and one that was about to ask anyway has asked by the end of a short
  /// silence.
  void drain() { draining_ = true; }
  /// Ends at once.
  void close();

  [[nodiscard]] const Origin& origin() const { return origin_; }
  [[nodiscard]] bool is_idle() const { return waiting_ == 0 && unsent_.empty(); }
  [[nodiscard]] TimePoint last_progress() const { return last_progress_; }

 private:
  boost::asio::awaitable<void> serve();
  IoResult read_last();
  boost::asio::awaitable<void> wait_for_room();
  boost::asio::awaitable<void> wait_until_answered();
  boost::asio::awaitable<void> sleep();
  boost::asio::awaitable<void> flush_slowly(IoStatus want);
  void handle(std::span<const std::uint8_t> message, TimePoint now);
  void append(std::span<const std::uint8_t> message);
  void flush();
  void wake() { gate_.cancel(); }
  [[nodiscard]] bool has_room() const;

  std::unique_ptr<Stream> stream_;
  Origin origin_;
  StreamServices& services_;
  boost::asio::steady_timer gate_;  ///< never expires: run() sleeps on it until wake()
  StreamMessages received_;
  std::vector<std::uint8_t> unsent_;
  std::uint32_t waiting_ = 0;  ///< queries whose answers come by reply()
  TimePoint last_progress_;
  bool flushing_slowly_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace sluice::proxy
