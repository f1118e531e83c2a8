// SPDX-License-Identifier: Apache-2.0
// What every connection of a client is, whatever is spoken on it: a handshake, an identity, queries
// and answers within bounds, and an end. Two kinds derive from it: messages with their length in
// front (TCP and DoT, stream_connection.hpp) and HTTP/2 (DoH, http_connection.hpp).
//
// One coroutine for its whole life; a second only while the peer is slow to read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "proxy/certificate_identity.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/stream.hpp"

namespace sluice::proxy {

/// What all connections of a worker use; outlives them.
struct StreamServices {
  boost::asio::io_context& context;
  Pipeline& pipeline;
  WorkerCounters& counters;
  const config::Limits& limits;
  const Clock& clock;
  const CertificateIdentity* certificates = nullptr;  ///< null: they say nothing of who a client is
};

/// Shared by its worker and its own coroutines. Lives on the worker's thread.
class ClientConnection : public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(std::unique_ptr<Stream> stream, const Origin& origin, StreamServices& services);
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;
  virtual ~ClientConnection() = default;

  /// Handshake, queries, answers; returns when the connection is over.
  boost::asio::awaitable<void> run();
  /// Writes the answer to a query that had to wait.
  void reply(const Origin& origin, std::span<const std::uint8_t> message);
  /// Closes the connection if nothing has happened on it for the idle timeout, or for a moment when
  /// it drains. Octets alone are no progress: a whole query is, or an answer that the peer takes.
  void check_idle(TimePoint now);
  /// Ends as soon as no query is left, behind an answer: a client that has one is about to ask
  /// again or not at all, and one that was about to ask anyway has asked by the end of a short
  /// silence. That begins now, or at the end of the handshake.
  void drain();
  /// Ends at once.
  void close();

  [[nodiscard]] const Origin& origin() const { return origin_; }
  [[nodiscard]] bool is_idle() const { return waiting_ == 0 && unsent_.empty() && !owes_answers(); }
  [[nodiscard]] TimePoint last_progress() const { return last_progress_; }

 protected:
  /// Takes queries until the peer ends its side, breaks, or is drained.
  virtual boost::asio::awaitable<void> serve() = 0;
  /// Puts an answer into unsent().
  virtual void append(const Origin& origin, std::span<const std::uint8_t> message) = 0;
  /// Whether there are answers that unsent() does not hold yet.
  [[nodiscard]] virtual bool owes_answers() const { return false; }
  /// Tells the peer that there are to be no more queries, where the protocol has a word for that.
  /// Those that it has sent by then are still taken. Not called before the handshake is over.
  virtual void on_drain() {}
  /// Tells the peer that no query is taken any more: this is about to close.
  virtual void on_end() {}
  /// Whether part of a query has come.
  [[nodiscard]] virtual bool is_amid_query() const { return false; }

  /// Some octets of the peer. Of one that is drained and whose last octets asked something, what
  /// has come by the time that everything is answered: to close on an unread query would lose it,
  /// and perhaps the answer before it.
  boost::asio::awaitable<IoResult> receive(std::span<std::uint8_t> space);
  /// Gives a query to the pipeline. What is answered at once is appended; what is not answered at
  /// all returns false.
  bool ask(std::span<const std::uint8_t> message, const Origin& origin, TimePoint now);
  [[nodiscard]] bool has_room() const;
  /// Reading stops meanwhile, so the peer's own buffers fill: that is the back-pressure (RFC 7766
  /// 6.2.1.1 leaves it to us).
  boost::asio::awaitable<void> wait_for_room();
  /// Sends what the socket takes now, and the rest in a coroutine of its own.
  void flush();

  [[nodiscard]] Stream& stream() { return *stream_; }
  [[nodiscard]] StreamServices& services() { return services_; }
  /// What is to be sent.
  [[nodiscard]] std::vector<std::uint8_t>& unsent() { return unsent_; }
  /// From now on unsent() holds part of an answer: sending it is progress.
  void mark_answer() { has_unsent_answer_ = true; }
  [[nodiscard]] bool is_draining() const { return draining_; }
  [[nodiscard]] bool is_closed() const { return closed_; }

 private:
  void identify();
  void end();
  boost::asio::awaitable<void> wait_until_answered();
  boost::asio::awaitable<void> sleep();
  boost::asio::awaitable<void> flush_slowly(IoStatus want);
  IoResult read_last(std::span<std::uint8_t> space);
  void wake() { gate_.cancel(); }

  std::unique_ptr<Stream> stream_;
  Origin origin_;
  StreamServices& services_;
  boost::asio::steady_timer gate_;  ///< never expires: run() sleeps on it until wake()
  std::vector<std::uint8_t> unsent_;
  std::uint32_t waiting_ = 0;  ///< queries whose answers come by reply()
  TimePoint last_progress_;
  bool has_unsent_answer_ = false;
  bool flushing_slowly_ = false;
  bool is_open_ = false;    ///< the handshake is over
  bool has_asked_ = false;  ///< with what was received last
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace sluice::proxy
