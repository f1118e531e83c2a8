// SPDX-License-Identifier: Apache-2.0
// One UDP socket of one worker: batches in, through the pipeline, batches out.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>

#include "proxy/pipeline.hpp"
#include "proxy/udp_batch.hpp"

namespace sluice::proxy {

/// Lives on its worker's thread.
class UdpListener {
 public:
  /// `pipeline` and `counters` outlive the listener. `number` is the index of the listener in the
  /// settings.
  UdpListener(boost::asio::ip::udp::socket socket, std::uint16_t number, Pipeline& pipeline,
              WorkerCounters& counters);

  /// Serves until close(). Spawn with a callable that owns nothing: the worker owns the listener.
  boost::asio::awaitable<void> run();
  /// Sends an answer to a query that had to wait.
  void reply(const Origin& origin, std::span<const std::uint8_t> message);
  /// The kernel gives new queries to the other sockets of this port, in this process and in others;
  /// what this one holds already is still read and answered.
  void divert();
  /// Whether no query waits to be read.
  [[nodiscard]] bool is_empty();
  /// Answers what the socket still holds, then closes it.
  void close();

 private:
  /// A batch after a full one may be there already; this many in a row, then others have their
  /// turn.
  static constexpr int max_batches_in_a_row = 8;

  void serve_waiting();
  void serve_batch();
  void flush();

  boost::asio::ip::udp::socket socket_;
  int family_;
  std::uint16_t number_;
  Pipeline& pipeline_;
  WorkerCounters& counters_;
  UdpBatch in_;
  UdpBatch out_;
};

}  // namespace sluice::proxy
