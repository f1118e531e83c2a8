// SPDX-License-Identifier: Apache-2.0
#include "proxy/leadership.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kubernetes/detached.hpp"
#include "kubernetes/json_access.hpp"
#include "proxy/api_server.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using WallClock = std::chrono::system_clock;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// One request that hangs must leave time for another before the renew deadline.
kubernetes::ConnectionSettings connection_settings(milliseconds renew_deadline) {
  auto settings = api_connection("controller");
  const milliseconds step = std::min(renew_deadline / 2, milliseconds(5000));
  settings.limits.connect = step;
  settings.limits.handshake = step;
  settings.limits.answer = step;
  return settings;
}

}  // namespace

Leadership::Leadership(const asio::any_io_executor& executor, kubernetes::Credentials& credentials,
                       Settings settings, std::function<void()> on_elected)
    : settings_(std::move(settings)),
      election_(settings_.election),
      connection_(executor, credentials, connection_settings(settings_.election.renew_deadline)),
      timer_(executor),
      on_elected_(std::move(on_elected)) {}

void Leadership::start() {
  asio::co_spawn(timer_.get_executor(), run(), kubernetes::rethrow);
}

bool Leadership::is_leader() const {
  return !stopped_ && election_.is_leader(Clock::now());
}

asio::awaitable<void> Leadership::run() {
  while (!stopped_) {
    const auto step = election_.next(Clock::now(), WallClock::now());
    if (const auto* pause = std::get_if<kubernetes::ElectionWait>(&step))
      co_await sleep(pause->until);
    if (std::holds_alternative<kubernetes::ReadLease>(step)) co_await read();
    if (const auto* written = std::get_if<kubernetes::WriteLease>(&step))
      co_await write(written->lease);
    if (!stopped_) tell_changes();
  }
}

/// Not beyond the end of our time, so that it is told when it is over.
asio::awaitable<void> Leadership::sleep(kubernetes::TimePoint until) {
  if (was_leader_) until = std::min(until, election_.leads_until());
  timer_.expires_at(until);
  (void)co_await timer_.async_wait(as_result);
}

asio::awaitable<void> Leadership::read() {
  const kubernetes::ApiRequest request{.target = lease_target(settings_.lease)};
  const auto body = co_await connection_.exchange(request);
  if (stopped_) co_return;
  if (!body && is_status(body.error(), 404)) co_return election_.take_read(Clock::now(), {});
  if (!body) co_return take_failure(body.error());
  const auto object = kubernetes::parse_object(*body);
  const auto lease = object ? kubernetes::read_lease(*object) : std::nullopt;
  if (!lease) co_return take_failure({.text = "the answer is no Lease"});
  election_.take_read(Clock::now(), lease);
}

kubernetes::ApiRequest Leadership::make_request(const kubernetes::Lease& lease) const {
  const bool is_update = !lease.resource_version.empty();
  return {.method = is_update ? "PUT" : "POST",
          .target = is_update ? lease_target(settings_.lease) : leases_target(settings_.lease),
          .content_type = "application/json",
          .body = lease_body(settings_.lease, lease)};
}

asio::awaitable<void> Leadership::write(kubernetes::Lease lease) {
  const auto began = Clock::now();
  const kubernetes::ApiRequest request = make_request(lease);
  const auto body = co_await connection_.exchange(request);
  if (!body) co_return take_failure(body.error());
  const auto object = kubernetes::parse_object(*body);
  const auto written = object ? kubernetes::read_lease(*object) : std::nullopt;
  if (!written) co_return take_failure({.text = "the answer is no Lease"});
  failures_ = 0;
  election_.take_written(began, *written);
}

/// That another one was faster is no problem.
void Leadership::take_failure(const kubernetes::ApiFailure& failure) {
  election_.take_failure(Clock::now());
  if (is_status(failure, 409) || !std::has_single_bit(++failures_)) return;
  log::warn("the lease cannot be renewed", {{"lease", settings_.lease.name},
                                            {"namespace", settings_.lease.namespace_name},
                                            {"failures", failures_},
                                            {"problem", failure.text}});
}

void Leadership::tell_changes() {
  const bool is = is_leader();
  if (std::exchange(was_leader_, is) == is) return;
  if (!is) return log::warn("leads no more", {{"holder", holder()}});
  log::info("leads", {{"identity", settings_.election.identity}});
  on_elected_();
}

void Leadership::release(std::function<void()> done) {
  stopped_ = true;
  timer_.cancel();
  asio::co_spawn(timer_.get_executor(), give_up(std::move(done)), kubernetes::rethrow);
}

asio::awaitable<void> Leadership::give_up(std::function<void()> done) {
  connection_.close();  // a renewal that is under way would come after
  const auto lease = election_.release(WallClock::now());
  if (lease) {
    const kubernetes::ApiRequest request = make_request(*lease);
    const auto body = co_await connection_.exchange(request);
    if (!body) log::warn("the lease cannot be given up", {{"problem", body.error().text}});
  }
  done();
}

}  // namespace sluice::proxy
