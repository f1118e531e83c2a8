// SPDX-License-Identifier: Apache-2.0
// The protocol that keeps a copy of one kind of objects: list, then watch from the list's version,
// and again after whatever goes wrong. This is all of its knowledge and none of its I/O; whoever
// drives it asks for the next step, does it, and tells what came of it:
//
//   switch (next(now))   Wait          sleep
//                        ListRequest   GET it;  take_page() or take_failure()
//                        WatchRequest  GET it;  take_watch_open() or take_failure(), then
//                                      take_events() until one says stop; take_watch_end()
//
// Nothing that a server says makes the objects disappear: they change by events and by complete
// lists only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kubernetes/api_failure.hpp"
#include "kubernetes/backoff.hpp"
#include "kubernetes/list_page.hpp"
#include "kubernetes/object_store.hpp"
#include "kubernetes/resource.hpp"
#include "kubernetes/watch_stream.hpp"

namespace sluice::kubernetes {

struct ListWatchSettings {
  Resource resource;
  BackoffLimits backoff = {};
  std::size_t page_size = 500;
  /// More are taken for a fault. The largest clusters have 150,000 pods.
  std::size_t max_objects = 500'000;
  /// A watch ends between these, so that not all nodes begin anew together.
  std::chrono::seconds min_watch{300};
  std::chrono::seconds max_watch{600};
};

struct Wait {
  std::chrono::milliseconds duration;
};
struct ListRequest {
  std::string target;
};
struct WatchRequest {
  std::string target;
  std::chrono::seconds timeout;  ///< when the server is to end it
};
using Step = std::variant<Wait, ListRequest, WatchRequest>;

/// What keeps the copy from being up to date.
struct Problem {
  ApiFailure failure;         ///< the last one
  TimePoint since;            ///< of the first one in a row
  std::uint64_t count = 0;    ///< in a row
  bool is_in_stream = false;  ///< the server took the watch and said no inside of it
};

/// How good the copy is.
struct SyncState {
  bool is_synced = false;  ///< a whole list was there once: what is missing does not exist
  std::optional<Problem> problem;
};

/// Grows only, except for what is said; for metrics.
struct ListWatchCounters {
  std::uint64_t lists = 0;    ///< complete ones
  std::uint64_t relists = 0;  ///< begun although there was a list already
  std::uint64_t watches = 0;  ///< begun; all but one per list are restarts
  std::uint64_t events = 0;   ///< without bookmarks and errors
  std::uint64_t bookmarks = 0;
  std::map<std::string, std::uint64_t> failures = {};  ///< by label_of()
  std::optional<TimePoint> last_news = {};  ///< when the server last told a version; not a count
};

/// What came of some events.
struct WatchProgress {
  Changes changes;
  bool goes_on = true;  ///< otherwise: close the watch and ask for the next step
};

class ListWatch {
 public:
  ListWatch(ListWatchSettings settings, Random random);

  /// What to do now. Asking twice gives the same answer, but for the random length of a watch.
  [[nodiscard]] Step next(TimePoint now);

  /// One page of a list. The changes when it was the last one; they may be none.
  [[nodiscard]] std::optional<Changes> take_page(TimePoint now, ListPage page);
  /// A request failed, or what came of it cannot be used, or a watch breaks off with an error.
  void take_failure(TimePoint now, const ApiFailure& failure);
  /// The server took the watch: 200, and nothing yet.
  void take_watch_open(TimePoint now);
  [[nodiscard]] WatchProgress take_events(TimePoint now, std::vector<WatchEvent> events);
  /// The watch ended without a word, in order or not.
  void take_watch_end(TimePoint now);

  [[nodiscard]] const ObjectStore& store() const { return store_; }
  [[nodiscard]] const SyncState& state() const { return state_; }
  [[nodiscard]] const ListWatchCounters& counters() const { return counters_; }
  /// Of the last event, bookmark or list; empty before the first.
  [[nodiscard]] const std::string& resource_version() const { return version_; }

 private:
  enum class Phase : std::uint8_t { list, watch };

  void begin_list(std::string version);
  void continue_after(TimePoint now, const ApiFailure& failure);
  void fail_list(TimePoint now, const ApiFailure& failure);
  void fail_watch(TimePoint now, const ApiFailure& failure);
  bool retries_internal_error(TimePoint now);
  bool take_event(TimePoint now, WatchEvent& event, Changes& changes);
  bool take_object(WatchEvent& event, Changes& changes);
  bool fail_in_stream(TimePoint now, const ApiFailure& failure);
  void note(TimePoint now, const ApiFailure& failure);
  void pause(TimePoint now, const ApiFailure& failure);
  void tell_news(TimePoint now, std::string version);

  ListWatchSettings settings_;
  Random random_;
  Backoff backoff_;
  ObjectStore store_;
  SyncState state_;
  ListWatchCounters counters_;
  std::string version_;
  std::optional<TimePoint> resume_at_;

  Phase phase_ = Phase::list;
  ListQuery query_;                    ///< phase list: the next page
  std::size_t page_size_;              ///< smaller than settings_.page_size once that was too large
  std::vector<ObjectPointer> listed_;  ///< of the pages so far
  std::size_t pages_ = 0;

  bool is_open_ = false;  ///< phase watch: the server took it
  bool had_events_ = false;
  TimePoint opened_;
  std::optional<TimePoint> internal_errors_since_;
};

}  // namespace sluice::kubernetes
