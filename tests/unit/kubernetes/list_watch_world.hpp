// SPDX-License-Identifier: Apache-2.0
// A ListWatch with a clock and a random number that tests hold in their hands.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "kubernetes/list_watch.hpp"
#include "tests/unit/kubernetes/objects.hpp"

namespace sluice::tests {

inline kubernetes::ListPage page(std::string version, std::initializer_list<Identity> objects,
                                 std::string continue_token = {}) {
  kubernetes::ListPage made{.objects = {},
                            .resource_version = std::move(version),
                            .continue_token = std::move(continue_token)};
  for (const Identity& of : objects)
    made.objects.push_back(object(of));
  return made;
}

inline kubernetes::ApiFailure http(int code) {
  return kubernetes::make_http_failure(code, "");
}

inline kubernetes::ApiFailure version_too_large() {
  return kubernetes::make_http_failure(
      504, R"({"details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}})");
}

inline std::vector<kubernetes::WatchEvent> in_stream(int code, const std::string& reason) {
  std::vector<kubernetes::WatchEvent> events;
  events.push_back({kubernetes::EventType::error, {{"code", code}, {"reason", reason}}});
  return events;
}

inline kubernetes::WatchEvent bookmark(const std::string& version) {
  return {kubernetes::EventType::bookmark, {{"metadata", {{"resourceVersion", version}}}}};
}

inline std::string watch_from(const std::string& version) {
  return "watch /api/v1/pods?watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=" +
         version;
}

inline std::string relist_from(const std::string& version) {
  return "list /api/v1/pods?limit=500&resourceVersion=" + version +
         "&resourceVersionMatch=NotOlderThan";
}

struct ListWatchWorld {
  kubernetes::TimePoint now{std::chrono::hours(10'000)};
  double number = 0;
  kubernetes::ListWatch machine;

  explicit ListWatchWorld(
      kubernetes::ListWatchSettings settings = {.resource = {.path = "/api/v1/pods"}})
      : machine(std::move(settings), [this] { return number; }) {}
  ListWatchWorld(const ListWatchWorld&) = delete;
  ListWatchWorld& operator=(const ListWatchWorld&) = delete;

  /// With the object a/1 listed at version 100, and a watch that the server took.
  static ListWatchWorld watching(kubernetes::ListWatchSettings settings = {
                                     .resource = {.path = "/api/v1/pods"}}) {
    return ListWatchWorld(std::move(settings), page("100", {{"a", "1", "10"}}));
  }

  /// `list TARGET`, `watch TARGET` or `wait MILLISECONDS`.
  std::string step() {
    const auto next = machine.next(now);
    if (const auto* list = std::get_if<kubernetes::ListRequest>(&next))
      return "list " + list->target;
    if (const auto* watch = std::get_if<kubernetes::WatchRequest>(&next))
      return "watch " + watch->target;
    return "wait " + std::to_string(std::get<kubernetes::Wait>(next).duration.count());
  }
  /// The step after the pause, which must be there.
  std::string after_pause() {
    const auto next = machine.next(now);
    const auto* wait = std::get_if<kubernetes::Wait>(&next);
    if (wait == nullptr) return "no pause";
    now += wait->duration;
    return step();
  }
  void fail(const kubernetes::ApiFailure& failure) { machine.take_failure(now, failure); }
  std::string take(kubernetes::ListPage last_page) {
    const auto changes = machine.take_page(now, std::move(last_page));
    return changes ? to_text(*changes) : "not the last page";
  }
  std::string take(kubernetes::WatchEvent event) {
    std::vector<kubernetes::WatchEvent> events;
    events.push_back(std::move(event));
    return to_text(machine.take_events(now, std::move(events)).changes);
  }

 private:
  ListWatchWorld(kubernetes::ListWatchSettings settings, kubernetes::ListPage first)
      : ListWatchWorld(std::move(settings)) {
    take(std::move(first));
    machine.take_watch_open(now);
  }
};

}  // namespace sluice::tests
