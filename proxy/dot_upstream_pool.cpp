// SPDX-License-Identifier: Apache-2.0
#include "proxy/dot_upstream_pool.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

using std::chrono::milliseconds;

/// A connection that has owed answers for longer than this gets no more queries if another can be
/// had: the server is working on something slow.
constexpr milliseconds max_silence{20};
/// From here on one more connection is opened, so that one stream does not carry everything.
constexpr std::size_t crowd = 64;
/// How long a new query waits for the endpoint it belongs to before the next one is asked.
constexpr milliseconds connect_patience{250};
/// An upstream that restarts is back by then: until then queries wait for it.
constexpr milliseconds restart_patience{3500};
/// Attempt timeouts after which a silent connection is given up as a whole.
constexpr int silent_attempts = 2;

std::string without_final_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

DotEndpoint make_endpoint(std::size_t index, const config::Upstream& upstream) {
  const config::Endpoint& endpoint = upstream.endpoints[index];
  const std::string& name =
      upstream.tls.server_name.empty() ? endpoint.address : upstream.tls.server_name;
  DotEndpoint made(index, endpoint.address + " port " + std::to_string(endpoint.port),
                   without_final_dot(name));
  boost::system::error_code not_an_address;
  const auto address = boost::asio::ip::make_address(endpoint.address, not_an_address);
  if (!not_an_address) made.set_addresses({{address, endpoint.port}});
  return made;
}

}  // namespace

DotPool::DotPool(boost::asio::io_context& context, DotConnectionOwner& owner, DotSettings settings,
                 UpstreamCounters& counters)
    : context_(context), owner_(owner), settings_(std::move(settings)), counters_(counters) {
  for (std::size_t i = 0; i < settings_.upstream.endpoints.size(); ++i)
    endpoints_.push_back(make_endpoint(i, settings_.upstream));
  if (!endpoints_.empty()) open(endpoints_.front(), std::chrono::steady_clock::now());
}

DotPool::~DotPool() {
  for (const DotEndpoint& endpoint : endpoints_)
    for (const auto& connection : endpoint.connections())
      connection->close();
}

DotPool::Choice DotPool::choose(const UpstreamQuery& query, TimePoint now) {
  const std::size_t first = first_endpoint(query);
  DotDemand demand{query.message.size(), query.connection, now, max_silence};
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    DotEndpoint& endpoint = endpoints_[(first + i) % endpoints_.size()];
    DotConnection* connection = endpoint.pick(demand);
    if (connection == nullptr || connection->outstanding() >= crowd) open(endpoint, now);
    if (connection != nullptr) return {connection, {}};
    const bool soon = endpoint.is_opening() && endpoint.health().is_good();
    if (soon && now - query.last_attempt < connect_patience) return {};
  }
  demand.max_silence = TimePoint::duration::max();
  for (std::size_t i = 0; i < endpoints_.size(); ++i)
    if (auto* connection = endpoints_[(first + i) % endpoints_.size()].pick(demand))
      return {connection, {}};
  return {nullptr, failure_at_once(now)};
}

void DotPool::set_addresses(std::size_t endpoint, std::vector<DotEndpoint::Address> addresses) {
  endpoints_[endpoint].set_addresses(std::move(addresses));
  for (const auto& connection : DotEndpoint::Connections(endpoints_[endpoint].connections()))
    if (connection->is_retired() && connection->outstanding() == 0) close(*connection);
  if (!endpoints_[endpoint].is_connected())
    open(endpoints_[endpoint], std::chrono::steady_clock::now());
}

void DotPool::connected(const DotConnection& connection) {
  DotEndpoint& endpoint = endpoints_[connection.endpoint_index()];
  if (!endpoint.health().is_good())
    log::info("upstream endpoint is back",
              {{"upstream", settings_.upstream.name}, {"endpoint", endpoint.text()}});
  endpoint.health().succeed();
  down_since_.reset();
  counters_.connections_opened.add();
  if (connection.is_resumed()) counters_.handshakes_resumed.add();
  counters_.open_connections.set(counters_.open_connections.value() + 1);
}

void DotPool::disconnected(const DotConnection& connection, IoStatus why,
                           const std::string& reason) {
  remove(connection);
  DotEndpoint& endpoint = endpoints_[connection.endpoint_index()];
  const TimePoint now = std::chrono::steady_clock::now();
  const bool owed_answers = connection.outstanding() > 0;
  if (!connection.was_connected()) {
    counters_.connections_failed.add();
    const bool untrusted = why == IoStatus::untrusted;
    if (untrusted) reload_trust();
    fail(endpoint, untrusted ? UpstreamFailure::untrusted : UpstreamFailure::unreachable, reason);
  } else if (owed_answers && (connection.answered() == 0 || why == IoStatus::failed)) {
    fail(endpoint, UpstreamFailure::unreachable, reason.empty() ? "closed" : reason);
  } else if (connection.answered() > 0 && endpoint.connections().empty()) {
    // Servers close idle connections. One that was of use is replaced before it is needed again.
    open(endpoint, now);
  }
  if (is_down() && !down_since_) down_since_ = now;
}

void DotPool::close(DotConnection& connection) {
  const auto alive = connection.shared_from_this();
  connection.close();
  remove(connection);
}

void DotPool::check(TimePoint now) {
  for (DotEndpoint& endpoint : endpoints_) {
    for (const auto& connection : DotEndpoint::Connections(endpoint.connections())) {
      const bool opening = connection->state() == DotConnection::State::opening;
      if (opening && now - connection->opened_at() >= settings_.upstream.attempt_timeout)
        connection->disconnect(IoStatus::failed, "not connected in time");
      else if (connection->silence(now) >= silent_attempts * settings_.upstream.attempt_timeout)
        connection->disconnect(IoStatus::failed, "no answer in time");
    }
    if (!endpoint.health().is_good()) open(endpoint, now);
  }
}

bool DotPool::is_busy() const {
  return std::ranges::any_of(endpoints_, [](const DotEndpoint& endpoint) {
    return endpoint.is_opening() || !endpoint.health().is_good();
  });
}

bool DotPool::is_down() const {
  return std::ranges::none_of(endpoints_, [](const DotEndpoint& endpoint) {
    return endpoint.health().is_good() || endpoint.is_connected();
  });
}

UpstreamFailure DotPool::failure() const {
  const bool untrusted = std::ranges::any_of(endpoints_, [](const DotEndpoint& endpoint) {
    return endpoint.health().failure() == UpstreamFailure::untrusted;
  });
  return untrusted ? UpstreamFailure::untrusted : UpstreamFailure::unreachable;
}

std::size_t DotPool::first_endpoint(const UpstreamQuery& query) {
  if (query.last_endpoint) return *query.last_endpoint + 1;
  if (settings_.upstream.policy == config::UpstreamPolicy::sequential) return 0;
  return next_endpoint_++ % endpoints_.size();
}

std::optional<UpstreamFailure> DotPool::failure_at_once(TimePoint now) const {
  if (std::ranges::any_of(endpoints_, &DotEndpoint::is_opening)) return std::nullopt;
  if (std::ranges::any_of(endpoints_, &DotEndpoint::is_connected))
    return UpstreamFailure::overloaded;
  if (!is_down()) return std::nullopt;
  const bool restarting = !down_since_ || now - *down_since_ < restart_patience;
  if (failure() == UpstreamFailure::unreachable && restarting) return std::nullopt;
  return failure();
}

void DotPool::open(DotEndpoint& endpoint, TimePoint now) {
  if (!endpoint.may_open(now)) return;
  DotConnection& connection = endpoint.add(context_, owner_);
  connection.open(
      endpoint.next_address(),
      [make = settings_.make_stream, tls = settings_.tls, name = endpoint.certificate_name(),
       resumption = endpoint.resumption()](boost::asio::ip::tcp::socket socket) {
        return make(std::move(socket), tls.make_session(name, *resumption));
      });
}

void DotPool::fail(DotEndpoint& endpoint, UpstreamFailure why, const std::string& reason) {
  if (endpoint.health().failure() != why)
    log::warn(
        "upstream endpoint failed",
        {{"upstream", settings_.upstream.name}, {"endpoint", endpoint.text()}, {"reason", reason}});
  endpoint.health().fail(why, std::chrono::steady_clock::now(), random_.next());
}

/// The CA may have been replaced on disk together with the server's certificate. Rare, small, and
/// paced by the endpoint's back-off.
void DotPool::reload_trust() {
  if (settings_.upstream.tls.ca_file.empty()) return;
  auto loaded = TlsClientContext::load(settings_.upstream.tls);
  if (!loaded) return;
  settings_.tls = std::move(*loaded);
  for (DotEndpoint& endpoint : endpoints_)
    endpoint.forget_session();
}

void DotPool::remove(const DotConnection& connection) {
  if (connection.was_connected())
    counters_.open_connections.set(counters_.open_connections.value() - 1);
  endpoints_[connection.endpoint_index()].remove(connection);
}

}  // namespace sluice::proxy
