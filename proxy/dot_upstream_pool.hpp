// SPDX-License-Identifier: Apache-2.0
// The endpoints of a DoT upstream with their connections: which connection a query goes to, when
// another one is opened, and what is made of one that fails.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.hpp"
#include "proxy/clock.hpp"
#include "proxy/counters.hpp"
#include "proxy/dot_upstream_endpoint.hpp"
#include "proxy/upstream.hpp"
#include "proxy/upstream_query.hpp"
#include "proxy/upstream_random.hpp"

namespace sluice::proxy {

/// Makes a TLS stream: make_tls_stream(), or what a test puts around it.
using MakeTlsStream =
    std::function<std::unique_ptr<Stream>(boost::asio::ip::tcp::socket, TlsSession)>;

struct DotSettings {
  config::Upstream upstream;
  TlsClientContext tls;
  MakeTlsStream make_stream = make_tls_stream;
};

/// Belongs to one DotUpstream, which hears what happens on the connections and passes on what is
/// the pool's.
class DotPool {
 public:
  /// Where a query can go: to a connection; nowhere, for this reason; or, when neither is there, to
  /// a connection that will be ready soon.
  struct Choice {
    DotConnection* connection = nullptr;
    std::optional<UpstreamFailure> failure;
  };

  DotPool(boost::asio::io_context& context, DotConnectionOwner& owner, DotSettings settings,
          UpstreamCounters& counters);
  DotPool(const DotPool&) = delete;
  DotPool& operator=(const DotPool&) = delete;
  ~DotPool();

  /// Never the connection that the query is on. Opens connections where that is called for.
  Choice choose(const UpstreamQuery& query, TimePoint now);
  /// A host name now means these addresses.
  void set_addresses(std::size_t endpoint, std::vector<DotEndpoint::Address> addresses);

  void connected(const DotConnection& connection);
  /// The connection's queries are the caller's to care for.
  void disconnected(const DotConnection& connection, IoStatus why, const std::string& reason);
  /// Closes a connection that has nothing more to do.
  void close(DotConnection& connection);
  /// To be called every now and then while is_busy() or queries are unanswered: gives up what takes
  /// too long, tries failed endpoints again.
  void check(TimePoint now);

  [[nodiscard]] bool is_busy() const;
  /// Whether no endpoint is left.
  [[nodiscard]] bool is_down() const;
  [[nodiscard]] std::size_t size() const { return endpoints_.size(); }
  /// Why nothing can be sent, where nothing was.
  [[nodiscard]] UpstreamFailure failure() const;

 private:
  std::size_t first_endpoint(const UpstreamQuery& query);
  [[nodiscard]] std::optional<UpstreamFailure> failure_at_once(TimePoint now) const;
  void open(DotEndpoint& endpoint, TimePoint now);
  void fail(DotEndpoint& endpoint, UpstreamFailure why, const std::string& reason);
  void reload_trust();
  void remove(const DotConnection& connection);

  boost::asio::io_context& context_;
  DotConnectionOwner& owner_;
  DotSettings settings_;
  UpstreamCounters& counters_;
  RandomNumbers random_;
  std::vector<DotEndpoint> endpoints_;
  std::size_t next_endpoint_ = 0;
  std::optional<TimePoint> down_since_;
};

}  // namespace sluice::proxy
