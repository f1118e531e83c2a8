// SPDX-License-Identifier: Apache-2.0
// Forwarding over TLS (RFC 7858) with a verified peer: strict, there is no fallback to plain text.
//
// A query goes to a kept connection at once. When the connection breaks, is silent or says
// something that answers nothing, the query is sent again elsewhere, at once, and whichever answer
// comes first counts: what goes wrong on one connection costs time at most. Only the bound on
// attempts, the deadline, or an upstream of which no endpoint is left makes a query fail.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "proxy/counters.hpp"
#include "proxy/dot_upstream_pool.hpp"
#include "proxy/upstream.hpp"
#include "proxy/upstream_query.hpp"
#include "proxy/upstream_random.hpp"
#include "proxy/upstream_report.hpp"

namespace sluice::proxy {

class HostResolver;

/// Lives on one worker's thread. May be destroyed at any time except from within its handler.
class DotUpstream final : public Upstream, private DotConnectionOwner {
 public:
  /// Connects to the first endpoint right away, so that the first query finds a connection.
  DotUpstream(boost::asio::io_context& context, const DotSettings& settings,
              UpstreamHandler& handler, UpstreamCounters& counters);
  ~DotUpstream() override;

  void send(std::uint64_t token, std::span<const std::uint8_t> query) override;
  [[nodiscard]] bool is_encrypted() const override { return true; }
  [[nodiscard]] bool is_down() const override;

 private:
  void on_connected(DotConnection& connection) override;
  void on_message(DotConnection& connection, std::span<const std::uint8_t> message) override;
  void on_disconnected(DotConnection& connection, IoStatus why, const std::string& reason) override;
  void on_mismatch(DotConnection& connection);

  void dispatch(QueryReference reference, TimePoint now);
  void dispatch_waiting(TimePoint now);
  void dispatch_queries_of(const DotConnection& connection);
  void check(QueryReference reference, TimePoint now);
  void fail(QueryReference reference, UpstreamFailure why);
  void start_ticking();
  void tick();

  UpstreamCounters& counters_;
  TimePoint::duration attempt_timeout_;
  std::uint32_t max_attempts_;
  UpstreamReport report_;
  UpstreamQueries queries_;
  std::vector<QueryReference> waiting_;     ///< for a connection; some may be finished meanwhile
  std::vector<QueryReference> unanswered_;  ///< for tick() alone
  RandomNumbers random_;
  boost::asio::steady_timer timer_;
  bool ticking_ = false;
  std::shared_ptr<DotUpstream*> self_;  ///< the timer's handler looks here whether *this still is
  DotPool pool_;
  std::unique_ptr<HostResolver> resolver_;  ///< when an endpoint has a host name
};

}  // namespace sluice::proxy
