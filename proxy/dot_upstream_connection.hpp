// SPDX-License-Identifier: Apache-2.0
// One connection to a DoT server: opens, verifies, carries pipelined queries (RFC 7766 6.2.1.1),
// and ends. It moves messages and knows which query has which ID; what an answer means, and what
// becomes of the queries when the connection breaks, is its owner's business.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "proxy/clock.hpp"
#include "proxy/stream.hpp"
#include "proxy/stream_messages.hpp"
#include "proxy/upstream_id_table.hpp"
#include "proxy/upstream_query.hpp"
#include "proxy/upstream_random.hpp"

namespace sluice::proxy {

class DotConnection;

/// Told what happens on connections, on the worker's thread. May call any member of the connection.
class DotConnectionOwner {
 public:
  virtual void on_connected(DotConnection& connection) = 0;
  virtual void on_message(DotConnection& connection, std::span<const std::uint8_t> message) = 0;
  /// The connection has ended, or never came to be: `untrusted`, `failed` or `closed`. Not called
  /// when the owner itself closed it.
  virtual void on_disconnected(DotConnection& connection, IoStatus why,
                               const std::string& reason) = 0;

 protected:
  ~DotConnectionOwner() = default;
};

/// Makes the stream for a connected socket; a test puts its own kind here.
using MakeDotStream = std::function<std::unique_ptr<Stream>(boost::asio::ip::tcp::socket)>;

/// Shared between the endpoint that uses it and its own coroutines, which may have to outlive the
/// endpoint by one turn of the event loop.
class DotConnection : public std::enable_shared_from_this<DotConnection> {
 public:
  enum class State : std::uint8_t { opening, ready, closed };

  DotConnection(boost::asio::io_context& context, DotConnectionOwner& owner,
                std::size_t endpoint_index);

  /// Connects and does the handshake; the owner hears of it. Call once.
  void open(const boost::asio::ip::tcp::endpoint& address, MakeDotStream make_stream);
  /// Ends everything; the owner hears nothing more.
  void close() noexcept;
  /// Ends everything and tells the owner why.
  void disconnect(IoStatus why, const std::string& reason);

  /// Whether send() may be called with a message of that size.
  [[nodiscard]] bool has_room(std::size_t message_size) const;
  /// Puts the query, under an ID of its own, behind what is waiting to be written. All that is sent
  /// in one turn of the event loop goes out together.
  void send(QueryReference reference, std::span<const std::uint8_t> message, RandomNumbers& random,
            TimePoint now);
  /// The query that a message with this ID would answer.
  [[nodiscard]] std::optional<QueryReference> find(std::uint16_t id) const { return ids_.find(id); }
  /// The query with this ID has been answered.
  void finish(std::uint16_t id, TimePoint now);
  template <typename Visitor>
  void for_each_query(Visitor&& visit) const {
    ids_.for_each(visit);
  }

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] std::size_t endpoint_index() const { return endpoint_index_; }
  [[nodiscard]] const boost::asio::ip::tcp::endpoint& address() const { return address_; }
  /// Unanswered queries, those that were answered elsewhere meanwhile included.
  [[nodiscard]] std::size_t outstanding() const { return ids_.size(); }
  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  [[nodiscard]] TimePoint opened_at() const { return opened_at_; }
  /// For how long queries have waited here without any of them being answered.
  [[nodiscard]] TimePoint::duration silence(TimePoint now) const;
  /// No new queries; those under way may still be answered.
  void retire() { retired_ = true; }
  [[nodiscard]] bool is_retired() const { return retired_; }
  /// Whether the handshake was ever completed, and whether it resumed a session.
  [[nodiscard]] bool was_connected() const { return was_connected_; }
  [[nodiscard]] bool is_resumed() const { return stream_ && stream_->is_resumed(); }
  /// Counts a message that answers nothing; the number of them so far.
  std::uint32_t add_mismatch() { return ++mismatches_; }

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<IoStatus> connect();
  boost::asio::awaitable<void> flush_slowly(IoStatus want);
  void flush();
  [[nodiscard]] std::string failure_text() const;
  template <typename Coroutine>
  void spawn(Coroutine&& coroutine);

  DotConnectionOwner* owner_;  ///< outlives this object or calls close(), which clears it
  std::size_t endpoint_index_;
  boost::asio::ip::tcp::socket socket_;  ///< until the stream takes it over
  boost::asio::ip::tcp::endpoint address_;
  MakeDotStream make_stream_;
  std::unique_ptr<Stream> stream_;
  StreamMessages received_;
  std::vector<std::uint8_t> unsent_;
  std::string connect_error_;
  UpstreamIdTable ids_;
  std::uint64_t answered_ = 0;
  TimePoint opened_at_;
  TimePoint last_progress_;
  State state_ = State::opening;
  bool flush_pending_ = false;
  std::uint32_t mismatches_ = 0;
  bool was_connected_ = false;
  bool retired_ = false;
};

}  // namespace sluice::proxy
