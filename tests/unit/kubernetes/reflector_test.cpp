// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/reflector.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/kubernetes/api_world.hpp"
#include "tests/unit/kubernetes/objects.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using namespace std::chrono_literals;
using tests::answering;

namespace {

std::string list_text(const std::string& version, const std::vector<tests::Identity>& objects) {
  std::string items;
  for (const auto& of : objects)
    items += (items.empty() ? "" : ",") + tests::object_text(of);
  return R"({"metadata":{"resourceVersion":")" + version + R"("},"items":[)" + items + "]}";
}

std::string event_text(const std::string& type, const tests::Identity& of) {
  return R"({"type":")" + type + R"(","object":)" + tests::object_text(of) + "}\n";
}

std::string error_text(int code) {
  return R"({"type":"ERROR","object":{"kind":"Status","code":)" + std::to_string(code) + "}}\n";
}

/// A watch that says this at once and goes on.
tests::ApiWorld::Answer watch_of(const std::string& octets = {}) {
  return [=](const tests::ApiWorld::Exchange& exchange) {
    exchange->begin_stream();
    if (!octets.empty()) exchange->send_chunk(octets);
  };
}

struct World : tests::ApiWorld {
  /// All that was told, in the order it was told.
  std::string told;
  std::vector<std::string> problems;
  ReflectorSettings settings{
      .list_watch = {.resource = {.path = "/api/v1/pods"}, .backoff = {.first = 1ms, .most = 2ms}},
      .connection = {.user_agent = "sluice/0 (test)"}};
  std::unique_ptr<Reflector> reflector;

  void start() {
    reflector = std::make_unique<Reflector>(
        context.get_executor(), credentials, settings,
        ReflectorCallbacks{
            [this](const Changes& changes) { tell(changes); },
            [this](const Problem& problem) { problems.push_back(label_of(problem.failure)); }});
    reflector->start();
  }
  void tell(const Changes& changes) { told += '[' + tests::to_text(changes) + ']'; }
  bool tells(const std::string& expected) {
    const bool comes = run_until([&] { return told == expected; });
    INFO(told);
    CHECK(comes);
    return comes;
  }
  /// The query of the nth request, without what all watches have in common.
  std::string query(std::size_t n) {
    if (!run_until([&] { return requests.size() > n; })) return "no such request";
    const std::string& target = requests[n].target;
    const auto version = target.find("resourceVersion=");
    const std::string from = version == target.npos ? "?" : target.substr(version + 16);
    return (target.find("watch=1") == target.npos ? "list " : "watch ") + from;
  }
};

}  // namespace

TEST_CASE("a list is followed by a watch, and changes are told as they come",
          "[kubernetes][reflector]") {
  World world;
  world.plan = {answering(200, list_text("100", {{"a", "1", "10"}})), watch_of()};
  world.start();
  CHECK(world.tells("[+a/1]"));
  CHECK(world.query(1) == "watch 100");
  world.exchange->send_chunk(event_text("ADDED", {"b", "2", "101"}));
  CHECK(world.tells("[+a/1][+b/2]"));
  world.exchange->send_chunk(event_text("MODIFIED", {"a", "1", "102"}) +
                             event_text("DELETED", {"b", "2", "103"}));
  CHECK(world.tells("[+a/1][+b/2][~a/1 -b/2]"));
  CHECK(world.reflector->state().is_synced);
  CHECK(world.reflector->store().size() == 1);
  CHECK(world.server.accepted() == 1);
  CHECK(world.problems.empty());
}

TEST_CASE("a list of several pages is told as one", "[kubernetes][reflector]") {
  World world;
  world.plan = {answering(200, R"({"metadata":{"resourceVersion":"100","continue":"t"},"items":[)" +
                                   tests::object_text({"a", "1", "10"}) + "]}"),
                answering(200, list_text("100", {{"b", "2", "20"}})), watch_of()};
  world.start();
  CHECK(world.tells("[+a/1 +b/2]"));
  CHECK(world.requests[1].target == "/api/v1/pods?limit=500&continue=t");
}

TEST_CASE("a watch that ends, at once or not, is begun again from the last version",
          "[kubernetes][reflector]") {
  World world;
  const auto ended = [](const tests::ApiWorld::Exchange& exchange) {
    exchange->begin_stream();
    exchange->end_stream();
  };
  const auto ended_later = [](const tests::ApiWorld::Exchange& exchange) {
    exchange->begin_stream();
    exchange->send_chunk(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"105"}}})");
    exchange->end_stream();
  };
  world.plan = {answering(200, list_text("100", {})), ended, ended_later, watch_of()};
  world.start();
  CHECK(world.query(2) == "watch 100");
  CHECK(world.query(3) == "watch 105");
  CHECK(world.told == "[]");
  CHECK(world.problems.empty());
  CHECK(world.server.accepted() == 1);
}

TEST_CASE("a watch that breaks in the middle of an event goes on behind the last whole one",
          "[kubernetes][reflector]") {
  World world;
  const bool drops = GENERATE(true, false);
  const auto broken = [&](const tests::ApiWorld::Exchange& exchange) {
    exchange->begin_stream();
    exchange->send_chunk(event_text("ADDED", {"a", "1", "101"}) + R"({"type":"DELETED","object")");
    drops ? exchange->drop() : exchange->half_close();
  };
  world.plan = {answering(200, list_text("100", {})), broken,
                watch_of(event_text("ADDED", {"b", "2", "102"}))};
  world.start();
  CHECK(world.tells("[][+a/1][+b/2]"));
  CHECK(world.query(2) == "watch 101");
}

TEST_CASE("an expired version, in the stream or instead of it, is a replace with a difference",
          "[kubernetes][reflector]") {
  World world;
  const bool in_stream = GENERATE(true, false);
  world.plan = {answering(200, list_text("100", {{"a", "1", "10"}, {"b", "2", "20"}})),
                in_stream ? watch_of(error_text(410)) : answering(410),
                answering(200, list_text("200", {{"b", "2", "20"}, {"c", "3", "30"}})), watch_of()};
  world.start();
  CHECK(world.tells("[+a/1 +b/2][-a/1 +c/3]"));
  CHECK(world.query(2) == "list 100&resourceVersionMatch=NotOlderThan");
  CHECK(world.query(3) == "watch 200");
  CHECK(world.problems == std::vector<std::string>{"410"});
}

TEST_CASE("a token that is replaced is used at once", "[kubernetes][reflector]") {
  World world;
  const auto expire = [&](const tests::ApiWorld::Exchange& exchange) {
    world.write_token("second");
    exchange->answer(401, "{}");
  };
  world.plan = {answering(200, list_text("100", {})), expire,
                watch_of(event_text("ADDED", {"a", "1", "101"}))};
  world.start();
  CHECK(world.tells("[][+a/1]"));
  CHECK(world.requests[2].headers.at("authorization") == "Bearer second");
  CHECK(world.problems.empty());
}

TEST_CASE("an API server that restarts is watched again from the last version",
          "[kubernetes][reflector]") {
  World world;
  world.plan = {answering(200, list_text("100", {{"a", "1", "10"}})), watch_of()};
  world.start();
  CHECK(world.query(1) == "watch 100");
  world.server.stop();
  REQUIRE(world.run_until([&] { return world.problems.size() >= 3; }));
  CHECK(world.problems.back() == "refused");
  CHECK(world.reflector->store().size() == 1);
  world.plan = {watch_of(event_text("DELETED", {"a", "1", "110"}))};
  world.server.start();
  CHECK(world.tells("[+a/1][-a/1]"));
  CHECK(world.query(2) == "watch 100");
  CHECK_FALSE(world.reflector->state().problem);
}

TEST_CASE("a kind that is installed later is found then", "[kubernetes][reflector]") {
  World world;
  world.plan = {answering(404), answering(403), answering(200, list_text("100", {})), watch_of()};
  world.start();
  REQUIRE(world.run_until([&] { return world.problems.size() == 2; }));
  CHECK_FALSE(world.reflector->state().is_synced);
  CHECK(world.tells("[]"));
  CHECK(world.reflector->state().is_synced);
  CHECK(world.problems == std::vector<std::string>{"404", "403"});
}

TEST_CASE("an event beyond the bound is a reason to list", "[kubernetes][reflector][security]") {
  World world;
  world.settings.max_event = 200;
  world.plan = {answering(200, list_text("100", {})),
                watch_of(event_text("ADDED", {std::string(300, 'a'), "1", "101"})),
                answering(200, list_text("101", {{"b", "1", "101"}})), watch_of()};
  world.start();
  CHECK(world.tells("[][+b/1]"));
  CHECK(world.problems == std::vector<std::string>{"too_large"});
}

TEST_CASE("a watch that does not end when it should is cut", "[kubernetes][reflector][security]") {
  World world;
  world.settings.list_watch.min_watch = world.settings.list_watch.max_watch = 0s;
  world.settings.watch_grace = 10ms;
  world.plan = {answering(200, list_text("100", {})), watch_of("{\"type\":"), watch_of()};
  world.start();
  CHECK(world.query(2) == "watch 100");
  CHECK(world.server.accepted() == 2);
}

TEST_CASE("metadata alone is asked for where nothing else is needed", "[kubernetes][reflector]") {
  World world;
  world.settings.list_watch.resource = {.path = "/api/v1/namespaces",
                                        .projection = Projection::metadata};
  world.plan = {answering(200, list_text("100", {})), watch_of()};
  world.start();
  CHECK(world.query(1) == "watch 100");
  CHECK(world.requests[0].headers.at("accept") ==
        accept_header(Projection::metadata, Answer::list));
  CHECK(world.requests[1].headers.at("accept") ==
        accept_header(Projection::metadata, Answer::watch));
}

TEST_CASE("a reflector that is destroyed, by its own callback too, says nothing more",
          "[kubernetes][reflector]") {
  World world;
  world.plan = {answering(200, list_text("100", {})), watch_of()};
  const bool in_callback = GENERATE(true, false);
  int calls = 0;
  world.reflector =
      std::make_unique<Reflector>(world.context.get_executor(), world.credentials, world.settings,
                                  ReflectorCallbacks{[&](const Changes&) {
                                    ++calls;
                                    if (in_callback) world.reflector.reset();
                                  }});
  world.reflector->start();
  REQUIRE(world.run_until([&] { return calls == 1; }));
  if (!in_callback) CHECK(world.query(1) == "watch 100");
  world.reflector.reset();
  world.server.stop();
  world.context.run();
  CHECK(calls == 1);
  CHECK(world.requests.size() == (in_callback ? 1 : 2));
}
