// SPDX-License-Identifier: Apache-2.0
#include "proxy/dot_upstream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "dns/message.hpp"
#include "proxy/host_resolver.hpp"

namespace sluice::proxy {
namespace {

using std::chrono::milliseconds;

/// Queries unanswered at a time, per worker; the settings' max_in_flight bites before.
constexpr std::uint32_t max_queries = 16384;
/// Clients give up after 5 s, the pipeline after 4.
constexpr milliseconds total_deadline{3500};
/// A connection that says nothing at all for this long has its new queries asked elsewhere too.
constexpr milliseconds hedge_after{250};
/// Sends after which a query is left to its fate, beside one for each endpoint.
constexpr std::uint32_t spare_attempts = 2;
/// How exact all of the above is.
constexpr milliseconds tick_interval{50};
/// Messages that answer nothing, after which a connection is not listened to any longer.
constexpr std::uint32_t max_mismatches = 64;

TimePoint time_now() {
  return std::chrono::steady_clock::now();
}

std::uint16_t message_id(std::span<const std::uint8_t> message) {
  return static_cast<std::uint16_t>(message[0] << 8 | message[1]);
}

}  // namespace

DotUpstream::DotUpstream(boost::asio::io_context& context, const DotSettings& settings,
                         UpstreamHandler& handler, UpstreamCounters& counters)
    : counters_(counters),
      attempt_timeout_(settings.upstream.attempt_timeout),
      max_attempts_(static_cast<std::uint32_t>(settings.upstream.endpoints.size()) +
                    spare_attempts),
      report_(context, handler, counters),
      queries_(max_queries),
      timer_(context),
      self_(std::make_shared<DotUpstream*>(this)),
      pool_(context, *this, settings, counters),
      resolver_(HostResolver::follow(
          context, settings.upstream.endpoints,
          [this](std::size_t endpoint, const std::vector<boost::asio::ip::tcp::endpoint>& found) {
            pool_.set_addresses(endpoint, found);
            start_ticking();
          })) {
  start_ticking();
}

DotUpstream::~DotUpstream() = default;

void DotUpstream::send(std::uint64_t token, std::span<const std::uint8_t> query) {
  const TimePoint now = time_now();
  const auto reference = queries_.add(token, query, now);
  if (!reference) return report_.failure(token, UpstreamFailure::overloaded);
  dispatch(*reference, now);
  start_ticking();
}

bool DotUpstream::is_down() const {
  return report_.last_failure() || pool_.is_down();
}

void DotUpstream::on_connected(DotConnection& connection) {
  pool_.connected(connection);
  // Being connected says nothing about a server that takes queries and never answers.
  if (report_.last_failure() != UpstreamFailure::timed_out) report_.forget_failure();
  dispatch_waiting(time_now());
}

void DotUpstream::on_message(DotConnection& connection, std::span<const std::uint8_t> message) {
  const auto reference =
      message.size() < sizeof(std::uint16_t) ? std::nullopt : connection.find(message_id(message));
  if (!reference) return on_mismatch(connection);
  const UpstreamQuery* query = queries_.find(*reference);
  if (query != nullptr && !dns::is_answer_to(message, query->message))
    return on_mismatch(connection);
  const TimePoint now = time_now();
  connection.finish(message_id(message), now);
  if (connection.is_retired() && connection.outstanding() == 0) pool_.close(connection);
  if (query == nullptr) return;  // it was asked twice, and the other answer came first
  const std::uint64_t token = query->token;
  const auto took = now - query->accepted;
  queries_.remove(*reference);
  report_.answer(token, message, took);
}

void DotUpstream::on_disconnected(DotConnection& connection, IoStatus why,
                                  const std::string& reason) {
  const auto alive = connection.shared_from_this();
  pool_.disconnected(connection, why, reason);
  dispatch_queries_of(connection);
  dispatch_waiting(time_now());
  start_ticking();
}

/// The peer has lost its way, or somebody plays games. What is under way here may still be answered
/// rightly, but it is asked elsewhere as well, and nothing new is sent this way.
void DotUpstream::on_mismatch(DotConnection& connection) {
  counters_.mismatched_answers.add();
  if (connection.add_mismatch() > max_mismatches)
    return connection.disconnect(IoStatus::failed, "answers that were not asked for");
  if (connection.is_retired()) return;
  connection.retire();
  dispatch_queries_of(connection);
  if (connection.outstanding() == 0) pool_.close(connection);
}

void DotUpstream::dispatch(QueryReference reference, TimePoint now) {
  UpstreamQuery& query = *queries_.find(reference);
  const DotPool::Choice choice = pool_.choose(query, now);
  if (choice.connection != nullptr) {
    if (query.attempts > 0) counters_.retries.add();
    ++query.attempts;
    query.last_attempt = now;
    query.connection = choice.connection;
    query.last_endpoint = choice.connection->endpoint_index();
    return choice.connection->send(reference, query.message, random_, now);
  }
  // While it is on one connection, that there is no second one is no failure.
  if (choice.failure && query.connection == nullptr) return fail(reference, *choice.failure);
  query.is_waiting = true;
  waiting_.push_back(reference);
}

void DotUpstream::dispatch_waiting(TimePoint now) {
  const std::vector<QueryReference> waiting = std::exchange(waiting_, {});
  for (const QueryReference reference : waiting) {
    UpstreamQuery* query = queries_.find(reference);
    if (query == nullptr || !query->is_waiting) continue;
    query->is_waiting = false;
    dispatch(reference, now);
  }
}

/// Sends the connection's queries elsewhere too. If it is closed, they have no other hope.
void DotUpstream::dispatch_queries_of(const DotConnection& connection) {
  const TimePoint now = time_now();
  const bool lost = connection.state() == DotConnection::State::closed;
  const UpstreamFailure why = connection.silence(now) < attempt_timeout_
                                  ? UpstreamFailure::unreachable
                                  : UpstreamFailure::timed_out;
  connection.for_each_query([&](QueryReference reference) {
    UpstreamQuery* query = queries_.find(reference);
    if (query == nullptr || query->connection != &connection) return;
    if (lost) query->connection = nullptr;
    const bool spent = query->attempts >= max_attempts_;
    if (spent && lost) return fail(reference, why);
    if (!spent && !query->is_waiting) dispatch(reference, now);
  });
}

void DotUpstream::check(QueryReference reference, TimePoint now) {
  const UpstreamQuery* query = queries_.find(reference);
  if (query == nullptr) return;
  const UpstreamFailure why = query->attempts == 0 ? pool_.failure() : UpstreamFailure::timed_out;
  if (now - query->accepted >= total_deadline) return fail(reference, why);
  if (query->is_waiting) return;
  const auto waited = now - query->last_attempt;
  if (query->attempts >= max_attempts_) {
    if (waited >= attempt_timeout_) fail(reference, UpstreamFailure::timed_out);
    return;
  }
  const bool may_hedge = query->attempts == 1 && waited >= hedge_after;
  const bool hedge = may_hedge && query->connection->silence(now) >= hedge_after;
  if (hedge || waited >= attempt_timeout_) dispatch(reference, now);
}

void DotUpstream::fail(QueryReference reference, UpstreamFailure why) {
  report_.failure(queries_.find(reference)->token, why);
  queries_.remove(reference);
}

void DotUpstream::start_ticking() {
  if (ticking_) return;
  ticking_ = true;
  timer_.expires_after(tick_interval);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) (*self)->tick();
  });
}

void DotUpstream::tick() {
  const TimePoint now = time_now();
  pool_.check(now);
  queries_.list(unanswered_);
  for (const QueryReference reference : unanswered_)
    check(reference, now);
  dispatch_waiting(now);
  ticking_ = false;
  if (queries_.size() > 0 || pool_.is_busy()) start_ticking();
}

}  // namespace sluice::proxy
