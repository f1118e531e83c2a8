// SPDX-License-Identifier: Apache-2.0
#include "proxy/cache.hpp"

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/allocation_counter.hpp"
#include "tests/support/fake_clock.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using Image = std::vector<std::uint8_t>;

/// The smallest budget that is cached with: 2,048 slots, 114,688 octets of ring.
constexpr std::size_t smallest_budget = 128 << 10;

CacheKey key(const std::string& name, dns::Type type = dns::Type::a) {
  return {.question = {*dns::Name::from_text(name), type}};
}

/// An image whose body is `fill`, `body_size` times.
Image image(std::uint32_t ttl, std::size_t body_size = 40, std::uint8_t fill = 0) {
  dns::AnswerHead head;
  head.ttl = ttl;
  head.body_size = static_cast<std::uint16_t>(body_size);
  Image octets(sizeof head + body_size, fill);
  std::memcpy(octets.data(), &head, sizeof head);
  return octets;
}

struct Fixture {
  CacheCounters counters;
  Cache cache{{.max_bytes = smallest_budget}, counters};
  tests::FakeClock clock;

  void put(const std::string& name, std::uint32_t ttl, std::uint8_t fill = 0) {
    cache.insert(key(name), image(ttl, 40, fill), clock.now());
  }
  /// "fresh 3", "stale 400", or "-".
  std::string look(const CacheKey& wanted) {
    const auto hit = cache.find(wanted, clock.now());
    if (!hit) return "-";
    return (hit->stale ? "stale " : "fresh ") + std::to_string(hit->age);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an answer is fresh for its TTL, then stale, then gone",
                 "[proxy][cache]") {
  put("www.example.", 300);
  CHECK(look(key("www.example.")) == "fresh 0");
  clock.advance(299s);
  CHECK(look(key("www.example.")) == "fresh 299");
  clock.advance(1s);
  CHECK(look(key("www.example.")) == "stale 300");
  clock.advance(3599s);
  CHECK(look(key("www.example.")) == "stale 3899");
  clock.advance(1s);
  CHECK(look(key("www.example.")) == "-");
}

TEST_CASE_METHOD(Fixture, "nothing is served stale when that is switched off", "[proxy][cache]") {
  Cache strict({.max_bytes = smallest_budget, .serve_stale = 0s}, counters);
  strict.insert(key("www.example."), image(10), clock.now());
  CHECK(strict.find(key("www.example."), clock.now() + 9s));
  CHECK_FALSE(strict.find(key("www.example."), clock.now() + 10s));
}

TEST_CASE_METHOD(Fixture, "an answer younger than the caller's clock has no age",
                 "[proxy][cache]") {
  const TimePoint before = clock.now();
  clock.advance(2s);
  put("www.example.", 300);
  const auto hit = cache.find(key("www.example."), before);
  REQUIRE(hit);
  CHECK(hit->age == 0);
  CHECK_FALSE(hit->stale);
}

TEST_CASE_METHOD(Fixture, "keys that differ in anything have answers of their own",
                 "[proxy][cache]") {
  const CacheKey stored = key("www.example.");
  cache.insert(stored, image(300), clock.now());
  CHECK(look(stored) == "fresh 0");

  std::vector<CacheKey> others(5, stored);
  others[0].question.type = dns::Type::aaaa;
  others[1].view = 1;
  others[2].dnssec_ok = true;
  others[3].checking_disabled = true;
  others[4].question.klass = dns::Class::ch;
  others.push_back(key("ww.example."));
  others.push_back(key("example."));
  others.push_back(key("."));
  for (std::size_t i = 0; i < others.size(); ++i) {
    CAPTURE(i);
    CHECK(look(others[i]) == "-");
    CHECK(hash_of(others[i], 1) != hash_of(stored, 1));
  }
}

TEST_CASE("the hash depends on the seed", "[proxy][cache]") {
  CHECK(hash_of(key("www.example."), 1) != hash_of(key("www.example."), 2));
  CHECK(hash_of(key("www.example."), 1) == hash_of(key("www.example."), 1));
}

TEST_CASE_METHOD(Fixture, "a newer answer supersedes the one before", "[proxy][cache]") {
  put("www.example.", 300, 1);
  clock.advance(100s);
  put("www.example.", 600, 2);
  const auto hit = cache.find(key("www.example."), clock.now());
  REQUIRE(hit);
  CHECK(hit->age == 0);
  CHECK(hit->answer.head().ttl == 600);
  CHECK(hit->answer.body().front() == 2);
  CHECK(counters.entries.value() == 1);
  CHECK(counters.insertions.value() == 2);
}

TEST_CASE_METHOD(Fixture, "what is superseded is no eviction when its place is taken",
                 "[proxy][cache]") {
  for (int i = 0; i < 5000; ++i)
    put("www.example.", 300);
  CHECK(counters.evictions.value() == 0);
  CHECK(counters.entries.value() == 1);
  CHECK(look(key("www.example.")) == "fresh 0");
}

TEST_CASE("too small a budget caches nothing", "[proxy][cache]") {
  for (const std::size_t budget : {0UL, 1UL, smallest_budget - 1}) {
    CAPTURE(budget);
    CacheCounters counters;
    Cache cache({.max_bytes = budget}, counters);
    const tests::FakeClock clock;
    cache.insert(key("www.example."), image(300), clock.now());
    CHECK_FALSE(cache.find(key("www.example."), clock.now()));
    CHECK(counters.insertions.value() == 0);
  }
}

TEST_CASE_METHOD(Fixture, "an answer over an eighth of the budget is not kept", "[proxy][cache]") {
  cache.insert(key("huge.example."), image(300, 15000), clock.now());
  CHECK(look(key("huge.example.")) == "-");
  cache.insert(key("large.example."), image(300, 14000), clock.now());
  CHECK(look(key("large.example.")) == "fresh 0");
}

TEST_CASE("an answer over 64 KiB is not kept, whatever the budget", "[proxy][cache]") {
  CacheCounters counters;
  Cache cache({.max_bytes = 8 << 20}, counters);
  const tests::FakeClock clock;
  cache.insert(key("huge.example."), Image(65537), clock.now());
  CHECK_FALSE(cache.find(key("huge.example."), clock.now()));
  cache.insert(key("large.example."), Image(65536), clock.now());
  CHECK(cache.find(key("large.example."), clock.now()));
}

TEST_CASE_METHOD(Fixture, "the oldest answers make room for new ones", "[proxy][cache]") {
  for (int i = 0; i < 10000; ++i)
    put("n" + std::to_string(i) + ".example.", 300);
  CHECK(look(key("n9999.example.")) == "fresh 0");
  CHECK(look(key("n0.example.")) == "-");
  CHECK(counters.entries.value() + counters.evictions.value() == 10000);
  CHECK(counters.bytes.value() <= smallest_budget);
  CHECK(counters.bytes.value() > smallest_budget / 2);
}

TEST_CASE_METHOD(Fixture, "an answer that is asked for again and again stays", "[proxy][cache]") {
  put("hot.example.", 300, 7);
  for (int i = 0; i < 20000; ++i) {
    put("n" + std::to_string(i) + ".example.", 300);
    if (i % 50 == 0) REQUIRE(look(key("hot.example.")) == "fresh 0");
  }
  const auto hit = cache.find(key("hot.example."), clock.now());
  REQUIRE(hit);
  CHECK(hit->answer.body().front() == 7);
}

TEST_CASE_METHOD(Fixture, "the cache allocates nothing once it is made", "[proxy][cache]") {
  if (!tests::AllocationCounter::is_supported()) SKIP("malloc belongs to the sanitizer");
  const Image large = image(300, 14000);
  std::vector<CacheKey> keys;
  for (int i = 0; i < 200; ++i)
    keys.push_back(key("n" + std::to_string(i) + ".example."));
  const tests::AllocationCounter allocations;
  for (int round = 0; round < 20; ++round) {
    for (const CacheKey& one : keys) {
      cache.insert(one, large, clock.now());
      cache.find(keys[static_cast<std::size_t>(round)], clock.now());
    }
  }
  CHECK(allocations.count() == 0);
}

namespace {

/// What the cache should say, without a bound: it may have less, but never anything else.
struct Reference {
  struct Stored {
    Image image;
    TimePoint stored;
  };
  std::map<std::tuple<std::size_t, int, std::uint32_t>, Stored> answers;
};

}  // namespace

TEST_CASE("random operations never give another answer than the one that was put in",
          "[proxy][cache]") {
  // Budgets so near the smallest that the ring wraps all the time; sizes up to what is just kept.
  for (const std::size_t budget : {smallest_budget, smallest_budget + 8, smallest_budget + 4104}) {
    CAPTURE(budget);
    CacheCounters counters;
    Cache cache({.max_bytes = budget, .serve_stale = 60s, .hash_seed = budget}, counters);
    tests::FakeClock clock;
    Reference reference;
    std::mt19937 random(static_cast<unsigned>(budget));
    const auto roll = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    std::size_t hits = 0;
    for (int step = 0; step < 100'000; ++step) {
      // A few names are asked for often, most seldom.
      const std::size_t name = roll(2) == 0 ? roll(20) : roll(3000);
      CacheKey wanted = key("n" + std::to_string(name) + ".example.");
      wanted.question.type = static_cast<dns::Type>(1 + roll(2));
      wanted.view = static_cast<std::uint32_t>(roll(2));
      auto& known = reference.answers[{name, static_cast<int>(wanted.question.type), wanted.view}];
      if (roll(10) == 0) clock.advance(1s);
      if (roll(3) == 0) {
        const std::size_t size = roll(50) == 0 ? roll(14000) : roll(300);
        known = {image(static_cast<std::uint32_t>(roll(100)), size,
                       static_cast<std::uint8_t>(roll(256))),
                 clock.now()};
        cache.insert(wanted, known.image, clock.now());
      }
      const auto hit = cache.find(wanted, clock.now());
      if (!hit) continue;
      ++hits;
      const auto age = std::chrono::duration_cast<std::chrono::seconds>(clock.now() - known.stored);
      const Image found(hit->answer.image().begin(), hit->answer.image().end());
      REQUIRE(found == known.image);
      REQUIRE(hit->age == age.count());
      REQUIRE(hit->stale == (hit->age >= hit->answer.head().ttl));
      REQUIRE(hit->age < hit->answer.head().ttl + 60);
    }
    CHECK(hits > 20'000);
    CHECK(counters.evictions.value() > 1000);
    CHECK(counters.bytes.value() <= budget);
  }
}

}  // namespace sluice::proxy
