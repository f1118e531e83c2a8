// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/list_watch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::kubernetes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A server that ends watches at once would otherwise be asked without a pause.
constexpr seconds very_short_watch{1};
/// While it is overloaded or starts, a server answers 500 for a while and then goes on as before.
constexpr seconds max_internal_errors{60};
/// Servers ask for seconds. Whatever asks for hours would keep a deny rule from its node.
constexpr seconds max_retry_after{60};

bool is_status(const ApiFailure& failure, int code) {
  return failure.kind == FailureKind::status && failure.status.code == code;
}

bool is_expired(const ApiFailure& failure) {
  return failure.kind == FailureKind::status && failure.status.is_expired();
}

bool is_version_too_large(const ApiFailure& failure) {
  return failure.kind == FailureKind::status && failure.status.is_version_too_large;
}

/// Whether the same request may well be answered next time.
bool is_passing(const ApiFailure& failure) {
  switch (failure.kind) {
    case FailureKind::refused:
    case FailureKind::timeout:
    case FailureKind::lost:
    case FailureKind::tls:
    case FailureKind::credentials:
      return true;
    case FailureKind::invalid:
    case FailureKind::too_large:
      return false;
    case FailureKind::status:
      break;
  }
  const int code = failure.status.code;
  return code == 401 || code == 403 || code == 429 || code >= 500;
}

}  // namespace

ListWatch::ListWatch(ListWatchSettings settings, Random random)
    : settings_(std::move(settings)),
      random_(std::move(random)),
      backoff_(settings_.backoff, random_),
      page_size_(settings_.page_size) {
  begin_list({});
}

Step ListWatch::next(TimePoint now) {
  if (resume_at_ && *resume_at_ > now)
    return Wait{std::chrono::ceil<milliseconds>(*resume_at_ - now)};
  resume_at_.reset();
  if (phase_ == Phase::list) return ListRequest{list_target(settings_.resource, query_)};
  const auto range = static_cast<double>((settings_.max_watch - settings_.min_watch).count());
  const auto extra = seconds(static_cast<std::int64_t>(range * random_()));
  const WatchQuery query{version_, settings_.min_watch + extra};
  return WatchRequest{watch_target(settings_.resource, query), query.timeout};
}

std::optional<Changes> ListWatch::take_page(TimePoint now, ListPage page) {
  std::ranges::move(page.objects, std::back_inserter(listed_));
  // A token for ever and ever must come to an end as well.
  if (listed_.size() > settings_.max_objects || ++pages_ > settings_.max_objects) {
    take_failure(now, {.kind = FailureKind::too_large,
                       .text = "the list has more than " + std::to_string(settings_.max_objects) +
                               " objects"});
    return std::nullopt;
  }
  if (!page.continue_token.empty()) {
    query_.continue_token = std::move(page.continue_token);
    return std::nullopt;
  }
  Changes changes = store_.replace(listed_);
  listed_ = {};
  tell_news(now, std::move(page.resource_version));
  ++counters_.lists;
  state_ = {.is_synced = true, .problem = std::nullopt};
  phase_ = Phase::watch;
  return changes;
}

void ListWatch::take_failure(TimePoint now, const ApiFailure& failure) {
  note(now, failure);
  continue_after(now, failure);
}

void ListWatch::take_watch_open(TimePoint now) {
  ++counters_.watches;
  is_open_ = true;
  had_events_ = false;
  opened_ = now;
  // A server that takes each watch to say no inside of it has not got over its problem.
  if (state_.problem && !state_.problem->is_in_stream) state_.problem.reset();
}

WatchProgress ListWatch::take_events(TimePoint now, std::vector<WatchEvent> events) {
  WatchProgress progress;
  for (WatchEvent& event : events) {
    progress.goes_on = take_event(now, event, progress.changes);
    if (!progress.goes_on) break;
  }
  return progress;
}

void ListWatch::take_watch_end(TimePoint now) {
  if (!std::exchange(is_open_, false)) return;
  if (had_events_ || now - opened_ >= very_short_watch) {
    internal_errors_since_.reset();
    return;
  }
  resume_at_ = now + backoff_.next(now);
}

void ListWatch::begin_list(std::string version) {
  if (state_.is_synced) ++counters_.relists;
  phase_ = Phase::list;
  query_ = {.resource_version = std::move(version), .limit = page_size_};
  listed_ = {};
  pages_ = 0;
  is_open_ = false;
  internal_errors_since_.reset();
}

void ListWatch::continue_after(TimePoint now, const ApiFailure& failure) {
  if (phase_ == Phase::list) {
    fail_list(now, failure);
  } else {
    fail_watch(now, failure);
  }
}

void ListWatch::fail_list(TimePoint now, const ApiFailure& failure) {
  if (is_expired(failure) && !query_.continue_token.empty()) {
    // The pages took longer than the server remembers: all at once, then.
    begin_list(query_.resource_version);
    query_.limit = 0;
    return;
  }
  const bool wants_known_version = !query_.resource_version.empty();
  if (wants_known_version && (is_expired(failure) || is_version_too_large(failure)))
    return begin_list({});
  if (failure.kind == FailureKind::too_large && page_size_ > 1) {
    page_size_ = std::max<std::size_t>(page_size_ / 10, 1);
    begin_list(query_.resource_version);
  } else if (!is_passing(failure)) {
    begin_list(query_.resource_version);
  }
  pause(now, failure);
}

void ListWatch::fail_watch(TimePoint now, const ApiFailure& failure) {
  is_open_ = false;
  const bool relists = !is_passing(failure) || is_version_too_large(failure) ||
                       (is_status(failure, 500) && !retries_internal_error(now));
  if (relists) begin_list(version_);
  pause(now, failure);
}

bool ListWatch::retries_internal_error(TimePoint now) {
  if (!internal_errors_since_) internal_errors_since_ = now;
  return now - *internal_errors_since_ < max_internal_errors;
}

bool ListWatch::take_event(TimePoint now, WatchEvent& event, Changes& changes) {
  if (event.type == EventType::error)
    return fail_in_stream(now, make_status_failure(ApiStatus::from_json(event.object)));
  if (event.type == EventType::unknown)
    return fail_in_stream(now, {.text = "the watch has an event of a type that is not known"});
  std::string version = resource_version_of(event.object);
  if (version.empty() || !take_object(event, changes))
    return fail_in_stream(now, {.text = "an event of the watch has no name, uid or version"});
  if (store_.size() > settings_.max_objects)
    return fail_in_stream(
        now, {.kind = FailureKind::too_large,
              .text = "there are more than " + std::to_string(settings_.max_objects) + " objects"});
  had_events_ = true;
  internal_errors_since_.reset();
  state_.problem.reset();
  tell_news(now, std::move(version));
  return true;
}

/// False when the event has no object.
bool ListWatch::take_object(WatchEvent& event, Changes& changes) {
  if (event.type == EventType::bookmark) {
    ++counters_.bookmarks;
    return true;
  }
  ObjectPointer object = make_object(std::move(event.object), settings_.resource.trim);
  if (object == nullptr) return false;
  ++counters_.events;
  if (event.type == EventType::deleted) {
    store_.remove(object, changes);
  } else {
    store_.put(std::move(object), changes);
  }
  return true;
}

bool ListWatch::fail_in_stream(TimePoint now, const ApiFailure& failure) {
  take_failure(now, failure);
  state_.problem->is_in_stream = true;
  return false;
}

void ListWatch::note(TimePoint now, const ApiFailure& failure) {
  ++counters_.failures[label_of(failure)];
  if (!state_.problem) state_.problem = Problem{.failure = {}, .since = now};
  state_.problem->failure = failure;
  ++state_.problem->count;
  state_.problem->is_in_stream = false;
}

void ListWatch::pause(TimePoint now, const ApiFailure& failure) {
  milliseconds delay = backoff_.next(now);
  if (failure.status.retry_after) {
    const seconds asked = std::min(*failure.status.retry_after, max_retry_after);
    delay = std::max(delay, backoff_.spread(asked));
  }
  resume_at_ = now + delay;
}

void ListWatch::tell_news(TimePoint now, std::string version) {
  version_ = std::move(version);
  counters_.last_news = now;
}

}  // namespace sluice::kubernetes
