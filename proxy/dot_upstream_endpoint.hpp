// SPDX-License-Identifier: Apache-2.0
// One server of a DoT upstream: its addresses, its health and a few connections.
//
// Why several connections: CoreDNS answers the queries of one connection one after the other, so
// one name that takes a second would hold up all behind it. A connection that has been silent for a
// moment gets no more queries while there is, or can be, another one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "proxy/clock.hpp"
#include "proxy/dot_upstream_connection.hpp"
#include "proxy/endpoint_health.hpp"
#include "proxy/tls_context.hpp"

namespace sluice::proxy {

/// What a connection must offer to be picked for a query.
struct DotDemand {
  std::size_t message_size = 0;
  const DotConnection* avoided = nullptr;  ///< has the query already
  TimePoint now;
  TimePoint::duration max_silence = TimePoint::duration::max();
};

/// Belongs to one DotPool.
class DotEndpoint {
 public:
  using Address = boost::asio::ip::tcp::endpoint;
  using Connections = std::vector<std::shared_ptr<DotConnection>>;

  /// `text` is for people; `certificate_name` is what its certificate must have.
  DotEndpoint(std::size_t index, std::string text, std::string certificate_name);

  /// Where it is now. Connections to addresses that are no longer its own get no more queries.
  void set_addresses(std::vector<Address> addresses);

  /// The least loaded of the connections that meet the demand; null when there is none.
  [[nodiscard]] DotConnection* pick(const DotDemand& demand) const;
  /// Whether one more connection may be opened now.
  [[nodiscard]] bool may_open(TimePoint now) const;
  [[nodiscard]] bool is_opening() const;
  /// Whether a connection is ready for queries, with room or without.
  [[nodiscard]] bool is_connected() const;

  /// Adds a connection, which is still to be opened. Only when may_open().
  DotConnection& add(boost::asio::io_context& context, DotConnectionOwner& owner);
  /// The address for the next connection: they are used in turn.
  [[nodiscard]] Address next_address();
  void remove(const DotConnection& connection);
  void forget_session() { resumption_ = std::make_shared<TlsResumption>(); }

  [[nodiscard]] const Connections& connections() const { return connections_; }
  [[nodiscard]] EndpointHealth& health() { return health_; }
  [[nodiscard]] const EndpointHealth& health() const { return health_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& certificate_name() const { return certificate_name_; }
  /// Shared with the streams, which may outlive the endpoint.
  [[nodiscard]] const std::shared_ptr<TlsResumption>& resumption() const { return resumption_; }

 private:
  std::size_t index_;
  std::string text_;
  std::string certificate_name_;
  std::shared_ptr<TlsResumption> resumption_ = std::make_shared<TlsResumption>();
  std::vector<Address> addresses_;
  std::size_t next_address_ = 0;
  Connections connections_;
  EndpointHealth health_;
};

}  // namespace sluice::proxy
