// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/reflector.hpp"

#include <random>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kubernetes/detached.hpp"

namespace sluice::kubernetes {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

}  // namespace

class Reflector::Loop {
 public:
  Loop(const asio::any_io_executor& executor, Credentials& credentials, ReflectorSettings settings,
       ReflectorCallbacks callbacks)
      : settings_(std::move(settings)),
        callbacks_(std::move(callbacks)),
        list_watch_(settings_.list_watch, make_random()),
        connection_(executor, credentials, settings_.connection),
        timer_(executor) {}

  asio::awaitable<void> run() {
    while (!stopped_) {
      const Step step = list_watch_.next(Clock::now());
      if (const auto* pause = std::get_if<Wait>(&step)) co_await wait(*pause);
      if (const auto* request = std::get_if<ListRequest>(&step)) co_await list(*request);
      if (const auto* request = std::get_if<WatchRequest>(&step)) co_await watch(*request);
    }
  }
  void stop() {
    stopped_ = true;
    connection_.close();
    timer_.cancel();
  }

  [[nodiscard]] asio::any_io_executor executor() { return timer_.get_executor(); }
  [[nodiscard]] const ListWatch& list_watch() const { return list_watch_; }

 private:
  asio::awaitable<void> wait(Wait pause) {
    timer_.expires_after(pause.duration);
    (void)co_await timer_.async_wait(as_result);
  }

  asio::awaitable<void> list(const ListRequest& step) {
    const ApiRequest request = make_request(step.target, Answer::list);
    const auto body = co_await connection_.exchange(request);
    if (stopped_) co_return;
    if (!body) co_return fail(body.error());
    auto page = parse_list_page(*body, settings_.list_watch.resource.trim);
    if (!page) co_return fail(page.error());
    const auto changes = list_watch_.take_page(Clock::now(), *std::move(page));
    if (changes) callbacks_.on_changes(*changes);
  }

  asio::awaitable<void> watch(const WatchRequest& step) {
    const ApiRequest request = make_request(step.target, Answer::watch);
    const TimePoint deadline = Clock::now() + step.timeout + settings_.watch_grace;
    const auto opened = co_await connection_.open(request);
    if (stopped_) co_return;
    if (!opened) co_return fail(opened.error());
    list_watch_.take_watch_open(Clock::now());
    WatchStream stream(settings_.max_event);
    bool goes_on = true;
    while (goes_on) {
      const auto octets = co_await connection_.read_some(deadline);
      if (stopped_) co_return;
      if (!octets || octets->empty()) co_return list_watch_.take_watch_end(Clock::now());
      goes_on = take(stream, *octets);
    }
    connection_.close();
  }

  /// False when the watch is of no use any more.
  bool take(WatchStream& stream, std::string_view octets) {
    const auto progress = list_watch_.take_events(Clock::now(), stream.feed(octets));
    if (!progress.changes.empty()) callbacks_.on_changes(progress.changes);
    if (stopped_) return false;
    if (progress.goes_on && stream.failure()) fail(*stream.failure());
    if (!progress.goes_on) tell_problem();
    return progress.goes_on && !stream.failure();
  }

  void fail(const ApiFailure& failure) {
    list_watch_.take_failure(Clock::now(), failure);
    tell_problem();
  }
  void tell_problem() {
    if (!callbacks_.on_problem) return;
    const Problem problem = *list_watch_.state().problem;
    callbacks_.on_problem(problem);
  }

  [[nodiscard]] ApiRequest make_request(const std::string& target, Answer answer) const {
    return {.target = target,
            .accept = accept_header(settings_.list_watch.resource.projection, answer)};
  }

  ReflectorSettings settings_;
  ReflectorCallbacks callbacks_;
  ListWatch list_watch_;
  ApiConnection connection_;
  asio::steady_timer timer_;
  bool stopped_ = false;
};

Reflector::Reflector(const asio::any_io_executor& executor, Credentials& credentials,
                     ReflectorSettings settings, ReflectorCallbacks callbacks)
    : loop_(std::make_shared<Loop>(executor, credentials, std::move(settings),
                                   std::move(callbacks))) {}

Reflector::~Reflector() {
  stop();
}

void Reflector::start() {
  asio::co_spawn(loop_->executor(), [loop = loop_] { return loop->run(); }, rethrow);
}

void Reflector::stop() {
  loop_->stop();
}

const SyncState& Reflector::state() const {
  return loop_->list_watch().state();
}

WatchReport Reflector::report() const {
  return {loop_->list_watch().state().is_synced, loop_->list_watch().counters()};
}

const ObjectStore& Reflector::store() const {
  return loop_->list_watch().store();
}

Random make_random() {
  return [engine = std::mt19937_64(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
  };
}

}  // namespace sluice::kubernetes
