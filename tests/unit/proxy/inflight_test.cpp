// SPDX-License-Identifier: Apache-2.0
#include "proxy/inflight.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/allocation_counter.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using Token = Inflight::Token;
using Ids = std::multiset<std::uint16_t>;

CacheKey key(const std::string& name) {
  return {.question = {*dns::Name::from_text(name)}};
}

WaitingQuery query(std::uint16_t id, const Origin& origin = {}) {
  const auto packet = tests::make_query("www.example. A", {.id = id});
  return {*dns::parse_query(packet), origin, {}};
}

struct Fixture {
  Inflight inflight{100};
  TimePoint now = tests::FakeClock().now();

  Token start(const std::string& name, std::uint64_t hash) {
    return inflight.start(key(name), hash);
  }
  bool wait(Token token, std::uint16_t id, std::chrono::milliseconds patience = 4s) {
    return inflight.wait(token, query(id), now + patience);
  }
  Ids finish(Token token) {
    Ids ids;
    inflight.finish(token, [&](const WaitingQuery& one) { ids.insert(one.query().header.id); });
    return ids;
  }
  Ids expire() {
    Ids ids;
    inflight.expire(
        now, [&](const WaitingQuery& one, const CacheKey&) { ids.insert(one.query().header.id); });
    return ids;
  }
};

}  // namespace

TEST_CASE("a waiting query keeps everything that its answer needs", "[proxy][inflight]") {
  Origin origin;
  origin.address = *filters::Address::from_text("10.0.0.7");
  origin.port = 4711;
  const TimePoint received = tests::FakeClock().now();
  auto packet = tests::make_query(
      "WwW.eXample. AAAA",
      {.id = 99,
       .cd = true,
       .edns = dns::OptOut{.payload_size = 1400, .dnssec_ok = true},
       .options = {
           {10, {1, 2, 3, 4, 5, 6, 7, 8}}, {8, {0, 1, 0, 0}}, {15, {0, 1, 'x'}}, {12, {}}}});
  const WaitingQuery waiting(*dns::parse_query(packet), origin, received);
  const auto parsed = *dns::parse_query(packet);
  const std::vector<std::uint8_t> wire(parsed.question_wire.begin(), parsed.question_wire.end());
  std::fill(packet.begin(), packet.end(), std::uint8_t{0xff});  // nothing may look into it any more

  const dns::Query kept = waiting.query();
  CHECK(kept.header.id == 99);
  CHECK(kept.header.has(dns::Flags::cd));
  CHECK(kept.question == dns::Question{*dns::Name::from_text("www.example."), dns::Type::aaaa});
  CHECK(std::equal(kept.question_wire.begin(), kept.question_wire.end(), wire.begin(), wire.end()));
  REQUIRE(kept.edns);
  CHECK(kept.edns->payload_size == 1400);
  CHECK(kept.edns->dnssec_ok);
  CHECK(kept.edns->wants_padding);
  CHECK(kept.edns->cookie.empty());
  const std::vector<std::uint8_t> subnet(kept.edns->client_subnet.begin(),
                                         kept.edns->client_subnet.end());
  CHECK(subnet == std::vector<std::uint8_t>{0, 1, 0, 0});
  CHECK_FALSE(kept.edns->error);
  CHECK(waiting.origin().address == origin.address);
  CHECK(waiting.origin().port == 4711);
  CHECK(waiting.received() == received);
}

TEST_CASE_METHOD(Fixture, "a flight is found by its key until it ends", "[proxy][inflight]") {
  CHECK_FALSE(inflight.find(key("a."), 1));
  const Token token = start("a.", 1);
  CHECK(inflight.find(key("a."), 1) == token);
  CHECK_FALSE(inflight.find(key("b."), 2));
  CHECK_FALSE(inflight.find(key("b."), 1));  // the same hash is not the same question
  REQUIRE(inflight.flight(token) != nullptr);
  CHECK(inflight.flight(token)->key == key("a."));
  finish(token);
  CHECK_FALSE(inflight.find(key("a."), 1));
  CHECK(inflight.flight(token) == nullptr);
}

TEST_CASE_METHOD(Fixture, "everybody who waits is told once", "[proxy][inflight]") {
  const Token a = start("a.", 1);
  const Token b = start("b.", 2);
  CHECK(wait(a, 1));
  CHECK(wait(b, 2));
  CHECK(wait(a, 3));
  CHECK(inflight.waiting() == 3);
  CHECK(finish(a) == Ids{1, 3});
  CHECK(finish(a).empty());
  CHECK(inflight.waiting() == 1);
  CHECK(finish(b) == Ids{2});
}

TEST_CASE_METHOD(Fixture, "the token of a flight that ended means nothing to the next one",
                 "[proxy][inflight]") {
  const Token first = start("a.", 1);
  finish(first);
  const Token second = start("b.", 2);
  CHECK(wait(second, 7));
  CHECK(first != second);
  CHECK(inflight.flight(first) == nullptr);
  CHECK(finish(first).empty());
  CHECK(finish(second) == Ids{7});
  CHECK(inflight.flight(12345) == nullptr);
}

TEST_CASE_METHOD(Fixture, "two questions with one hash both get their answers",
                 "[proxy][inflight]") {
  const Token a = start("a.", 1);
  const Token b = start("b.", 1);
  CHECK(wait(a, 1));
  CHECK(wait(b, 2));
  CHECK(finish(a) == Ids{1});
  CHECK(inflight.find(key("b."), 1) == b);
  CHECK(finish(b) == Ids{2});
  CHECK_FALSE(inflight.find(key("b."), 1));
}

TEST_CASE_METHOD(Fixture, "only waiters whose deadline has come expire, and flights go on",
                 "[proxy][inflight]") {
  const Token a = start("a.", 1);
  const Token b = start("b.", 2);
  CHECK(wait(a, 1, 4s));
  CHECK(wait(a, 2, 1800ms));
  CHECK(wait(a, 3, 4s));
  CHECK(wait(b, 4, 1800ms));
  now += 1799ms;
  CHECK(expire().empty());
  now += 1ms;
  CHECK(expire() == Ids{2, 4});
  CHECK(expire().empty());
  CHECK(inflight.waiting() == 2);
  CHECK(finish(a) == Ids{1, 3});
  REQUIRE(inflight.flight(b) != nullptr);
  CHECK(finish(b).empty());
}

TEST_CASE_METHOD(Fixture, "the bound holds for waiters of one question", "[proxy][inflight]") {
  const Token token = start("a.", 1);
  for (std::uint16_t id = 0; id < 100; ++id)
    CHECK(wait(token, id));
  CHECK(inflight.is_full());
  CHECK_FALSE(wait(token, 100));
  CHECK(finish(token).size() == 100);
  CHECK_FALSE(inflight.is_full());
}

TEST_CASE_METHOD(Fixture, "the bound holds for questions that nobody waits for",
                 "[proxy][inflight]") {
  for (std::uint64_t i = 0; i < 100; ++i)
    start("n" + std::to_string(i) + ".", i);
  CHECK(inflight.is_full());
  CHECK(inflight.waiting() == 0);
}

TEST_CASE_METHOD(Fixture, "a waiter may start a flight of its own when it is told",
                 "[proxy][inflight]") {
  const Token first = start("a.", 1);
  for (std::uint16_t id = 1; id <= 3; ++id)
    CHECK(wait(first, id));
  Token second = 0;
  inflight.finish(first, [&](const WaitingQuery& one) {
    if (!inflight.find(key("b."), 2)) second = start("b.", 2);
    CHECK(inflight.wait(second, one, now + 4s));
  });
  CHECK(inflight.waiting() == 3);
  CHECK(finish(second) == Ids{1, 2, 3});
}

TEST_CASE_METHOD(Fixture, "a waiter that expires may join another flight", "[proxy][inflight]") {
  const Token first = start("a.", 1);
  const Token second = start("b.", 2);
  CHECK(wait(first, 1, 1s));
  CHECK(wait(first, 2, 1s));
  now += 1s;
  inflight.expire(now, [&](const WaitingQuery& one, const CacheKey& expired) {
    CHECK(expired == key("a."));
    CHECK(inflight.wait(second, one, now + 4s));
  });
  CHECK(inflight.waiting() == 2);
  CHECK(finish(first).empty());
  CHECK(finish(second) == Ids{1, 2});
}

TEST_CASE("nothing is allocated after warm-up, however long questions come and go",
          "[proxy][inflight]") {
  if (!tests::AllocationCounter::is_supported()) SKIP("malloc belongs to the sanitizer");
  Inflight inflight(256);
  const TimePoint now = tests::FakeClock().now();
  const WaitingQuery one = query(1);
  std::mt19937_64 random(1);
  std::array<Token, 200> open{};
  const auto churn = [&](int steps) {
    for (int i = 0; i < steps; ++i) {
      Token& token = open[random() % open.size()];
      inflight.finish(token, [](const WaitingQuery&) {});
      token = inflight.start(key("a."), random());
      REQUIRE(inflight.wait(token, one, now));
    }
  };
  churn(2000);
  const tests::AllocationCounter allocations;
  churn(100'000);
  CHECK(allocations.count() == 0);
}

TEST_CASE("random operations do what a plain map would", "[proxy][inflight]") {
  constexpr std::uint32_t bound = 50;
  struct Waiter {
    std::uint16_t id;
    TimePoint deadline;
  };
  Inflight inflight(bound);
  std::map<Token, std::vector<Waiter>> reference;
  std::map<int, Token> by_name;
  std::vector<Token> ended;
  std::mt19937 random(7);
  const auto roll = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  TimePoint now = tests::FakeClock().now();
  std::size_t waiting = 0;
  std::uint16_t id = 0;
  for (int step = 0; step < 50'000; ++step) {
    const int name = roll(30);
    const CacheKey wanted = key("n" + std::to_string(name) + ".");
    const auto hash = static_cast<std::uint64_t>(name);
    const auto known = by_name.find(name);
    const auto found = inflight.find(wanted, hash);
    REQUIRE(found.has_value() == (known != by_name.end()));
    const int what = roll(10);
    if (what < 6) {
      const Token token = found ? *found : inflight.start(wanted, hash);
      if (found) REQUIRE(token == known->second);
      by_name[name] = token;
      const TimePoint deadline = now + std::chrono::milliseconds(roll(300));
      const bool waits = inflight.wait(token, query(++id), deadline);
      REQUIRE(waits == (waiting < bound));
      reference[token];
      if (!waits) continue;
      reference[token].push_back({id, deadline});
      ++waiting;
    } else if (what < 8 && found) {
      Ids expected;
      for (const Waiter& waiter : reference[*found])
        expected.insert(waiter.id);
      Ids told;
      inflight.finish(*found, [&](const WaitingQuery& q) { told.insert(q.query().header.id); });
      REQUIRE(told == expected);
      waiting -= told.size();
      reference.erase(*found);
      by_name.erase(name);
      ended.push_back(*found);
    } else if (what == 8) {
      now += std::chrono::milliseconds(roll(100));
      Ids expected;
      for (auto& [token, waiters] : reference) {
        std::erase_if(waiters, [&](const Waiter& waiter) {
          if (waiter.deadline <= now) expected.insert(waiter.id);
          return waiter.deadline <= now;
        });
      }
      Ids told;
      inflight.expire(
          now, [&](const WaitingQuery& q, const CacheKey&) { told.insert(q.query().header.id); });
      REQUIRE(told == expected);
      waiting -= told.size();
    } else if (!ended.empty()) {
      const Token old = ended[random() % ended.size()];
      REQUIRE(inflight.flight(old) == nullptr);
    }
    REQUIRE(inflight.waiting() == waiting);
  }
}

}  // namespace sluice::proxy
