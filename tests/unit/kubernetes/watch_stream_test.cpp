// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/watch_stream.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kubernetes/object.hpp"

using namespace sluice::kubernetes;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Everything that a framing by lines, braces or quotes would stumble over.
const std::string recorded =
    R"({"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a","uid":"1","resourceVersion":"10",)"
    R"("annotations":{"x":"}\n{\"type\":\"DELETED\"","y":"é\u0000\\"},)"
    R"("managedFields":[{"fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}}}}]}}})"
    "\n"
    R"({"type":"MODIFIED","object":{"metadata":{"name":"a","uid":"1","resourceVersion":"11"},)"
    R"("status":{"n":[1,-2.5e3,true,null,[]]}}})"
    "\r\n\n"
    R"({"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"12"}}})"
    "\n"
    R"({"type":"DELETED","object":{"metadata":{"name":"a","uid":"1","resourceVersion":"13"}}})"
    "\n";

std::string summary(const std::vector<WatchEvent>& events) {
  std::string text;
  for (const WatchEvent& event : events)
    text += std::to_string(static_cast<int>(event.type)) + ':' + resource_version_of(event.object) +
            ' ';
  return text;
}

void append(std::vector<WatchEvent>& all, std::vector<WatchEvent> more) {
  for (WatchEvent& event : more)
    all.push_back(std::move(event));
}

std::string event_of(std::size_t size) {
  const std::string start = R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"7"},"x":")";
  const std::string end = R"("}})";
  return start + std::string(size - start.size() - end.size(), 'x') + end;
}

}  // namespace

TEST_CASE("a stream cut anywhere has the same events", "[kubernetes][watch]") {
  for (std::size_t cut = 0; cut <= recorded.size(); ++cut) {
    WatchStream stream;
    std::vector<WatchEvent> events = stream.feed(std::string_view(recorded).substr(0, cut));
    append(events, stream.feed(std::string_view(recorded).substr(cut)));
    INFO("cut at " << cut);
    CHECK_FALSE(stream.failure());
    CHECK(summary(events) == "0:10 1:11 3:12 2:13 ");
    CHECK(stream.is_between_events());
  }
}

TEST_CASE("a stream that comes octet by octet has the same events", "[kubernetes][watch]") {
  WatchStream stream;
  std::vector<WatchEvent> events;
  for (const char octet : recorded)
    append(events, stream.feed({&octet, 1}));
  CHECK(summary(events) == "0:10 1:11 3:12 2:13 ");
}

TEST_CASE("an event is told with its last octet and not with the next event",
          "[kubernetes][watch]") {
  const std::string bookmark =
      R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"5"}}})";
  WatchStream stream;
  CHECK(stream.feed(std::string_view(bookmark).substr(0, bookmark.size() - 1)).empty());
  CHECK_FALSE(stream.is_between_events());
  CHECK(summary(stream.feed("}")) == "3:5 ");
  CHECK(stream.is_between_events());
}

TEST_CASE("two events in one chunk are two events", "[kubernetes][watch]") {
  const std::string one = R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}}})";
  WatchStream stream;
  CHECK(summary(stream.feed(one + '\n' + one + '\n')) == "0:1 0:1 ");
  CHECK(summary(stream.feed(one + one)) == "0:1 0:1 ");
}

TEST_CASE("the types of events are told apart", "[kubernetes][watch]") {
  const auto [type, expected] =
      GENERATE(table<std::string, EventType>({{"ADDED", EventType::added},
                                              {"MODIFIED", EventType::modified},
                                              {"DELETED", EventType::deleted},
                                              {"BOOKMARK", EventType::bookmark},
                                              {"ERROR", EventType::error},
                                              {"SYNCED", EventType::unknown},
                                              {"added", EventType::unknown},
                                              {"", EventType::unknown}}));
  WatchStream stream;
  const auto events = stream.feed(R"({"type":")" + type + R"(","object":{}})");
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == expected);
}

TEST_CASE("an event of 3 MiB is an event", "[kubernetes][watch]") {
  const std::string large = event_of(3UL << 20);
  WatchStream stream;
  std::vector<WatchEvent> events;
  constexpr std::size_t record = 16384;
  for (std::size_t i = 0; i < large.size(); i += record)
    append(events, stream.feed(std::string_view(large).substr(i, record)));
  CHECK(summary(events) == "0:7 ");
}

TEST_CASE("an event has a bound, however it is cut", "[kubernetes][watch][security]") {
  const std::string fits = event_of(100);
  const std::size_t chunk = GENERATE(as<std::size_t>{}, 1, 7, 99, 100, 1000);
  for (const bool is_too_large : {false, true}) {
    WatchStream stream(is_too_large ? 99 : 100);
    std::size_t found = 0;
    for (std::size_t i = 0; i < fits.size(); i += chunk)
      found += stream.feed(std::string_view(fits).substr(i, chunk)).size();
    INFO("chunks of " << chunk << ", too large: " << is_too_large);
    CHECK(found == (is_too_large ? 0 : 1));
    CHECK(stream.failure().has_value() == is_too_large);
    if (is_too_large) CHECK(stream.failure()->kind == FailureKind::too_large);
  }
}

TEST_CASE("the bound is one of events and not of the stream", "[kubernetes][watch]") {
  const std::string fits = event_of(100);
  WatchStream stream(100);
  for (int i = 0; i < 100; ++i)
    CHECK(stream.feed(fits + "\n   \n").size() == 1);
  CHECK_FALSE(stream.failure());
}

TEST_CASE("what is no event ends the stream, after the events before it",
          "[kubernetes][watch][security]") {
  const std::string rest =
      GENERATE("x", "[]", "12 ", "null", "{}", R"({"type":"ADDED"})",
               R"({"type":"ADDED","object":[]})", R"({"type":"ADDED",})", "{\"a\":\"\xff\"}");
  WatchStream stream;
  const auto events =
      stream.feed(R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}}})" + rest);
  INFO(rest);
  CHECK(summary(events) == "0:1 ");
  REQUIRE(stream.failure());
  CHECK(stream.failure()->kind == FailureKind::invalid);
  CHECK(stream.feed(recorded).empty());
}

TEST_CASE("depth is bounded beyond what objects have", "[kubernetes][watch][security]") {
  const auto nested = [](std::size_t depth) {
    return R"({"type":"ADDED","object":{"x":)" + std::string(depth, '[') + std::string(depth, ']') +
           "}}";
  };
  WatchStream stream;
  CHECK(stream.feed(nested(100)).size() == 1);
  CHECK(stream.feed(nested(10000)).empty());
  REQUIRE(stream.failure());
  CHECK_THAT(stream.failure()->text, ContainsSubstring("no sequence of JSON"));
}
