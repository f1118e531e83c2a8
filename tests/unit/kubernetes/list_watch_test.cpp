// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/list_watch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/kubernetes/list_watch_world.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using namespace std::chrono_literals;
using tests::event;
using tests::http;
using tests::in_stream;
using tests::ListWatchWorld;
using tests::page;
using tests::to_text;

TEST_CASE("first comes a consistent list, then a watch from its version", "[kubernetes]") {
  ListWatchWorld world;
  CHECK(world.step() == "list /api/v1/pods?limit=500");
  CHECK_FALSE(world.machine.state().is_synced);
  CHECK(world.take(page("100", {{"a", "1", "10"}, {"b", "2", "20"}})) == "+a/1 +b/2");
  CHECK(world.machine.state().is_synced);
  CHECK(world.step() ==
        "watch /api/v1/pods?watch=1&allowWatchBookmarks=true&timeoutSeconds=300"
        "&resourceVersion=100");
}

TEST_CASE("an empty list is a list: synced, with nothing changed", "[kubernetes]") {
  ListWatchWorld world;
  CHECK(world.take(page("100", {})).empty());
  CHECK(world.machine.state().is_synced);
}

TEST_CASE("watches last between five and ten minutes", "[kubernetes]") {
  ListWatchWorld world;
  world.take(page("100", {}));
  const auto length = [&](double number) {
    world.number = number;
    return std::get<WatchRequest>(world.machine.next(world.now)).timeout;
  };
  CHECK(length(0.0) == 300s);
  CHECK(length(0.5) == 450s);
  CHECK(length(0.9999) == 599s);
}

TEST_CASE("a list comes in pages, and takes effect with the last one", "[kubernetes]") {
  ListWatchWorld world;
  CHECK_FALSE(world.machine.take_page(world.now, page("100", {{"a", "1", "10"}}, "t1")));
  CHECK_FALSE(world.machine.state().is_synced);
  CHECK(world.step() == "list /api/v1/pods?limit=500&continue=t1");
  CHECK(world.take(page("100", {{"b", "2", "20"}})) == "+a/1 +b/2");
}

TEST_CASE("a token that expired means all at once", "[kubernetes]") {
  ListWatchWorld world;
  (void)world.machine.take_page(world.now, page("100", {{"a", "1", "10"}}, "t1"));
  world.fail(http(410));
  CHECK(world.step() == "list /api/v1/pods");
  CHECK(world.take(page("120", {{"b", "2", "20"}})) == "+b/2");
}

TEST_CASE("a page that was lost is asked for again", "[kubernetes]") {
  ListWatchWorld world;
  (void)world.machine.take_page(world.now, page("100", {{"a", "1", "10"}}, "t1"));
  world.fail({.kind = FailureKind::lost});
  CHECK(world.step() == "wait 800");
  world.now += 800ms;
  CHECK(world.step() == "list /api/v1/pods?limit=500&continue=t1");
}

TEST_CASE("a page beyond the bound is asked for in smaller ones", "[kubernetes][security]") {
  ListWatchWorld world;
  for (const char* limit : {"50", "5", "1", "1"}) {
    world.fail({.kind = FailureKind::too_large});
    CHECK(world.after_pause() == std::string("list /api/v1/pods?limit=") + limit);
  }
}

TEST_CASE("events change the objects and move the version", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  std::vector<WatchEvent> events;
  events.push_back(event(EventType::added, {"b", "2", "101"}));
  events.push_back(event(EventType::modified, {"a", "1", "102"}));
  events.push_back(event(EventType::deleted, {"b", "2", "103"}));
  const auto progress = world.machine.take_events(world.now, std::move(events));
  CHECK(progress.goes_on);
  CHECK(to_text(progress.changes) == "+b/2 ~a/1 -b/2");
  CHECK(world.machine.resource_version() == "103");
  CHECK(world.machine.counters().events == 3);
}

TEST_CASE("an object that leaves the selector is told as deleted", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  CHECK(world.take(event(EventType::deleted, {"a", "1", "105"})) == "-a/1");
  CHECK(world.machine.store().size() == 0);
}

TEST_CASE("a modification with another uid is a deletion and an addition", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  CHECK(world.take(event(EventType::modified, {"a", "9", "105"})) == "-a/1 +a/9");
}

TEST_CASE("a bookmark alone moves the version", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  CHECK(world.take(tests::bookmark("140")).empty());
  world.machine.take_watch_end(world.now);
  CHECK(world.step() == tests::watch_from("140"));
  CHECK(world.machine.counters().bookmarks == 1);
}

TEST_CASE("a watch that ends is begun again from the last version", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.now += 300s;
  world.machine.take_watch_end(world.now);
  CHECK(world.step() == tests::watch_from("100"));
  CHECK_FALSE(world.machine.state().problem);
  CHECK(world.machine.counters().failures.empty());
  CHECK(world.machine.counters().relists == 0);
}

TEST_CASE("a watch that ends at once is begun again after a pause", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.machine.take_watch_end(world.now);
  CHECK(world.step() == "wait 800");
  CHECK(world.after_pause() == tests::watch_from("100"));
  CHECK_FALSE(world.machine.state().problem);
}

TEST_CASE("in the stream or instead of it, an expired version means a relist", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  if (GENERATE(true, false)) {
    CHECK_FALSE(world.machine.take_events(world.now, in_stream(410, "Expired")).goes_on);
  } else {
    world.fail(http(410));
  }
  CHECK(world.after_pause() == tests::relist_from("100"));
  CHECK(world.machine.store().size() == 1);
  CHECK(world.take(page("200", {{"c", "3", "150"}})) == "-a/1 +c/3");
  CHECK(world.machine.counters().relists == 1);
}

TEST_CASE("a relist that cannot be had from the last version is a consistent one", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.fail(http(410));
  CHECK(world.after_pause() == tests::relist_from("100"));
  world.fail(GENERATE(http(410), tests::version_too_large()));
  CHECK(world.step() == "list /api/v1/pods?limit=500");
}

TEST_CASE("a watch from a version that the server has not yet is a relist", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.fail(tests::version_too_large());
  CHECK(world.after_pause() == tests::relist_from("100"));
}

TEST_CASE("Retry-After is honoured, spread, and bounded", "[kubernetes]") {
  const auto [asked, number, wait] = GENERATE(table<int, double, std::string>(
      {{0, 0.0, "800"}, {7, 0.0, "7000"}, {7, 0.5, "10500"}, {86400, 0.0, "60000"}}));
  auto world = ListWatchWorld::watching();
  world.number = number;
  ApiFailure failure = http(429);
  if (asked != 0) failure.status.retry_after = std::chrono::seconds(asked);
  world.fail(failure);
  CHECK(world.step() == "wait " + wait);
  world.number = 0;
  CHECK(world.after_pause() == tests::watch_from("100"));
}

TEST_CASE("an internal error is waited out for a minute, then relisted", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  const TimePoint first = world.now;
  std::string step;
  do {
    CHECK_FALSE(world.machine.take_events(world.now, in_stream(500, "InternalError")).goes_on);
    step = world.after_pause();
    world.machine.take_watch_open(world.now);
  } while (step == tests::watch_from("100") && world.now - first < 10min);
  CHECK(step == tests::relist_from("100"));
  CHECK(world.now - first >= 60s);
  CHECK(world.now - first < 2min);
}

TEST_CASE("what a server said inside its watches is a problem until it says something else",
          "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  const TimePoint first = world.now;
  (void)world.machine.take_events(world.now, in_stream(500, "InternalError"));
  world.after_pause();
  world.machine.take_watch_open(world.now);
  REQUIRE(world.machine.state().problem);
  CHECK(world.machine.state().problem->since == first);
  world.take(tests::bookmark("101"));
  CHECK_FALSE(world.machine.state().problem);
}

TEST_CASE("who cannot be reached is asked again from the last version", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.machine.take_watch_end(world.now);
  for (const int pause : {1600, 3200, 6400, 12800, 25600, 30000, 30000}) {
    world.after_pause();
    world.fail({.kind = FailureKind::refused, .text = "connection refused"});
    CHECK(world.step() == "wait " + std::to_string(pause));
  }
  CHECK(world.after_pause() == tests::watch_from("100"));
  CHECK(world.machine.counters().relists == 0);
  CHECK(world.machine.counters().failures.at("refused") == 7);
  REQUIRE(world.machine.state().problem);
  CHECK(world.machine.state().problem->count == 7);
  world.machine.take_watch_open(world.now);
  CHECK_FALSE(world.machine.state().problem);
}

TEST_CASE("a kind that is not installed, or may not be read, is asked for until it is",
          "[kubernetes]") {
  const int code = GENERATE(403, 404);
  ListWatchWorld world;
  world.fail(http(code));
  REQUIRE(world.machine.state().problem);
  CHECK(world.machine.state().problem->failure.status.code == code);
  CHECK_FALSE(world.machine.state().is_synced);
  CHECK(world.after_pause() == "list /api/v1/pods?limit=500");
  CHECK(world.take(page("100", {{"a", "1", "10"}})) == "+a/1");
  CHECK_FALSE(world.machine.state().problem);
}

TEST_CASE("a kind that is deleted and made again is listed again", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  CHECK(world.take(event(EventType::deleted, {"a", "1", "105"})) == "-a/1");
  world.machine.take_watch_end(world.now);
  world.fail(http(404));
  CHECK(world.after_pause() == tests::relist_from("105"));
  world.fail(http(404));
  CHECK(world.after_pause() == tests::relist_from("105"));
  CHECK(world.take(page("300", {{"a", "2", "290"}})) == "+a/2");
}

TEST_CASE("policy in force stays while the API server says no", "[kubernetes]") {
  const int code = GENERATE(400, 401, 403, 404, 405, 410, 429, 500, 502, 503, 504);
  auto world = ListWatchWorld::watching();
  for (int i = 0; i < 10; ++i) {
    world.fail(http(code));
    world.now += 2min;
    INFO(code);
    CHECK(world.machine.store().size() == 1);
    CHECK(world.machine.state().is_synced);
  }
}

TEST_CASE("an event that nobody knows is a reason to list", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  std::vector<WatchEvent> events;
  switch (GENERATE(0, 1, 2)) {
    case 0:
      events.push_back(event(EventType::unknown, {"a", "1", "110"}));
      break;
    case 1:
      events.push_back({EventType::added, {}});
      break;
    default:
      events.push_back({EventType::bookmark, {}});
  }
  events.push_back(event(EventType::deleted, {"a", "1", "111"}));
  const auto progress = world.machine.take_events(world.now, std::move(events));
  CHECK_FALSE(progress.goes_on);
  CHECK(progress.changes.empty());
  CHECK(world.after_pause() == tests::relist_from("100"));
  CHECK(world.machine.counters().failures.at("invalid") == 1);
}

TEST_CASE("a stream that breaks off as no JSON is a reason to list", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.fail({.kind = FailureKind::invalid, .text = "no JSON"});
  CHECK(world.after_pause() == tests::relist_from("100"));
}

TEST_CASE("there is a bound on objects, and beyond it the last good set stays",
          "[kubernetes][security]") {
  auto world = ListWatchWorld::watching({.resource = {.path = "/api/v1/pods"}, .max_objects = 2});
  CHECK(world.take(event(EventType::added, {"b", "2", "110"})) == "+b/2");
  std::vector<WatchEvent> third;
  third.push_back(event(EventType::added, {"c", "3", "111"}));
  const auto progress = world.machine.take_events(world.now, std::move(third));
  CHECK_FALSE(progress.goes_on);
  world.after_pause();
  CHECK_FALSE(world.machine.take_page(
      world.now, page("120", {{"a", "1", "10"}, {"b", "2", "20"}, {"c", "3", "30"}})));
  CHECK(world.machine.state().problem->failure.kind == FailureKind::too_large);
  CHECK(world.machine.store().size() == 3);
}

TEST_CASE("pages without an end come to one", "[kubernetes][security]") {
  ListWatchWorld world({.resource = {.path = "/api/v1/pods"}, .max_objects = 20});
  for (int i = 0; i < 21; ++i)
    CHECK_FALSE(world.machine.take_page(world.now, page("100", {}, "again")));
  REQUIRE(world.machine.state().problem);
  CHECK(world.machine.state().problem->failure.kind == FailureKind::too_large);
}

TEST_CASE("a clock that jumps ahead ends a pause and nothing else", "[kubernetes]") {
  auto world = ListWatchWorld::watching();
  world.fail({.kind = FailureKind::refused});
  world.now += 9000h;
  CHECK(world.step() == tests::watch_from("100"));
  world.machine.take_watch_open(world.now);
  world.now -= 8000h;
  CHECK(world.take(event(EventType::added, {"b", "2", "110"})) == "+b/2");
  world.machine.take_watch_end(world.now);
  CHECK(world.step() == tests::watch_from("110"));
}

TEST_CASE("100,000 objects are replaced, and one of them is found changed", "[kubernetes]") {
  constexpr int count = 100'000;
  const auto listed = [](const std::string& version_of_last) {
    ListPage all{.objects = {}, .resource_version = "1000000", .continue_token = {}};
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      all.objects.push_back(
          tests::object({"pod-" + number, number, i + 1 == count ? version_of_last : "1"}));
    }
    return all;
  };
  ListWatchWorld world;
  const auto added = world.machine.take_page(world.now, listed("1"));
  REQUIRE(added);
  CHECK(added->size() == count);
  world.fail(http(410));
  const auto changed = world.machine.take_page(world.now, listed("2"));
  REQUIRE(changed);
  CHECK(to_text(*changed) == "~pod-99999/99999");
}
