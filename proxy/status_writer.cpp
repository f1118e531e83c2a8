// SPDX-License-Identifier: Apache-2.0
#include "proxy/status_writer.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kubernetes/detached.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/lease.hpp"
#include "proxy/api_server.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using WallClock = std::chrono::system_clock;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds forever = std::chrono::hours(24);

std::string text_of(const boost::json::object& status) {
  const auto ready = kubernetes::find_condition(status, "Ready");
  return ready ? ready->reason : "";
}

}  // namespace

StatusWriter::StatusWriter(const asio::any_io_executor& executor, Surroundings surroundings)
    : surroundings_(std::move(surroundings)),
      connection_(executor, surroundings_.credentials, api_connection("controller")),
      timer_(executor),
      limit_({}, Clock::now()),
      backoff_({}, kubernetes::make_random()) {}

void StatusWriter::start() {
  asio::co_spawn(timer_.get_executor(), run(), kubernetes::rethrow);
}

void StatusWriter::stop() {
  stopped_ = true;
  connection_.close();
  timer_.cancel();
}

void StatusWriter::want(Wanted wanted) {
  const auto news = find_news(wanted);
  wanted_ = std::move(wanted);
  const auto is_unwanted = [this](const auto& entry) { return !wanted_.contains(entry.first); };
  std::erase_if(written_, is_unwanted);
  std::erase_if(settled_, is_unwanted);
  for (const auto& key : news)
    settled_.erase(key);
  begin();
  hurry(news);
}

/// Whoever has just edited a filter waits for what comes of it. After a start, ten thousand others
/// may be in the queue.
void StatusWriter::hurry(const std::set<crds::ObjectKey>& news) {
  const auto is_news = [&](const auto& key) { return news.contains(key); };
  std::deque<crds::ObjectKey> queue;
  std::ranges::copy_if(queue_, std::back_inserter(queue), is_news);
  std::ranges::remove_copy_if(queue_, std::back_inserter(queue), is_news);
  queue_ = std::move(queue);
}

/// Of which something else is wanted than before.
std::set<crds::ObjectKey> StatusWriter::find_news(const Wanted& wanted) const {
  std::set<crds::ObjectKey> news;
  for (const auto& [key, status] : wanted) {
    const auto before = wanted_.find(key);
    if (before == wanted_.end() || !kubernetes::is_same(before->second, status)) news.insert(key);
  }
  return news;
}

void StatusWriter::touch(const crds::ObjectKey& key) {
  if (surroundings_.is_leader() && find_change(key)) enqueue(key);
}

void StatusWriter::begin() {
  for (const auto& [key, status] : wanted_)
    touch(key);
}

void StatusWriter::enqueue(const crds::ObjectKey& key) {
  if (!queued_.insert(key).second) return;
  queue_.push_back(key);
  if (is_idle_) timer_.cancel();
}

/// What has to be written, if anything.
std::optional<StatusWriter::Change> StatusWriter::find_change(const crds::ObjectKey& key) {
  const auto wanted = wanted_.find(key);
  auto object = surroundings_.watch.find(key);
  // An object that has changed since will be judged anew at once.
  if (wanted == wanted_.end() || !object ||
      kubernetes::generation_of(*object) != wanted->second.generation)
    return std::nullopt;
  std::string& settled = settled_[key];
  if (settled == object->resource_version) return std::nullopt;
  const auto written = written_.find(key);
  const bool is_ahead =
      written != written_.end() && written->second.base_version == object->resource_version;
  if (!is_ahead && written != written_.end()) written_.erase(written);
  auto current = is_ahead ? written->second.status : kubernetes::status_of(*object);
  auto status = kubernetes::status_to_write(current, wanted->second,
                                            kubernetes::whole_time(WallClock::now()));
  if (!status) {
    settled = object->resource_version;
    return std::nullopt;
  }
  return Change{key, std::move(object), std::move(current), *std::move(status)};
}

asio::awaitable<void> StatusWriter::run() {
  while (!stopped_) {
    if (queue_.empty()) {
      is_idle_ = true;
      co_await sleep(forever);
      is_idle_ = false;
      continue;
    }
    const crds::ObjectKey key = std::move(queue_.front());
    queue_.pop_front();
    queued_.erase(key);
    if (!surroundings_.is_leader()) continue;  // begin() comes when we do again
    const auto change = find_change(key);
    if (change) co_await write(*change);
  }
}

asio::awaitable<void> StatusWriter::sleep(milliseconds duration) {
  if (stopped_) co_return;
  timer_.expires_after(duration);
  (void)co_await timer_.async_wait(as_result);
}

/// Waits for its turn. That takes part in the time that we lead, which is looked at after.
asio::awaitable<kubernetes::ApiResult<std::string>> StatusWriter::send(
    const kubernetes::ApiRequest& request) {
  const auto pause = limit_.take(Clock::now());
  if (pause > milliseconds(0)) co_await sleep(pause);
  if (stopped_ || !surroundings_.is_leader())
    co_return kubernetes::ApiFailure{.kind = kubernetes::FailureKind::lost,
                                     .text = "we lead no more"};
  co_return co_await connection_.exchange(request);
}

asio::awaitable<void> StatusWriter::write(const Change& change) {
  const kubernetes::ApiRequest request{.method = "PATCH",
                                       .target = kubernetes::status_target(change.key),
                                       .content_type = "application/apply-patch+yaml",
                                       .body = kubernetes::status_patch(change.key, change.after)};
  const auto body = co_await send(request);
  if (stopped_) co_return;
  if (!body) {
    const auto pause = take_failure(change.key, body.error());
    co_await sleep(pause);
    co_return;
  }
  ++counters_.written;
  const auto object = kubernetes::parse_object(*body);
  const auto* status = object ? kubernetes::find_object(*object, "status") : nullptr;
  written_.insert_or_assign(change.key, Written{change.object->resource_version,
                                                status != nullptr ? *status : change.after});
  log::debug("status written",
             {{"object", crds::to_text(change.key)}, {"reason", text_of(change.after)}});
  co_await tell(change);
}

/// How long to wait before anything else is tried.
milliseconds StatusWriter::take_failure(const crds::ObjectKey& key,
                                        const kubernetes::ApiFailure& failure) {
  constexpr milliseconds not_at_all{0};
  if (!surroundings_.is_leader()) return not_at_all;
  if (is_status(failure, 404)) {
    ++counters_.gone;
    return not_at_all;
  }
  // The watch brings what is there now, and touch() comes with it.
  if (is_status(failure, 409)) {
    ++counters_.conflicts;
    return not_at_all;
  }
  if (std::has_single_bit(++counters_.failed))
    log::warn("a status cannot be written", {{"object", crds::to_text(key)},
                                             {"failures", counters_.failed},
                                             {"problem", failure.text}});
  enqueue(key);
  return backoff_.next(Clock::now());
}

/// An Event that is lost is no reason to try again: the status says the same.
asio::awaitable<void> StatusWriter::tell(const Change& change) {
  const auto condition = kubernetes::event_of(change.before, change.after);
  if (!condition) co_return;
  const kubernetes::EventReporter reporter{surroundings_.identity,
                                           kubernetes::micro_time(WallClock::now())};
  const auto event = series_.add(change.key, *change.object, *condition, reporter);
  const kubernetes::ApiRequest create{.method = "POST",
                                      .target = event.target,
                                      .content_type = "application/json",
                                      .body = event.body};
  const kubernetes::ApiRequest count{.method = "PATCH",
                                     .target = event.target + '/' + event.name,
                                     .content_type = "application/merge-patch+json",
                                     .body = event.series_body};
  const auto& first = event.is_known ? count : create;
  const auto& second = event.is_known ? create : count;
  auto result = co_await send(first);
  // Made by a leader before us; or gone, since servers keep Events for an hour.
  const bool is_other_way = !result && is_status(result.error(), event.is_known ? 404 : 409);
  if (is_other_way) result = co_await send(second);
  if (result) {
    ++counters_.events_written;
    co_return;
  }
  if (std::has_single_bit(++counters_.events_failed))
    log::warn("an Event cannot be written",
              {{"object", crds::to_text(change.key)}, {"problem", result.error().text}});
}

}  // namespace sluice::proxy
