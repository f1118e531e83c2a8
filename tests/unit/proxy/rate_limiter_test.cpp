// SPDX-License-Identifier: Apache-2.0
#include "proxy/rate_limiter.hpp"

#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;

constexpr filters::RateLimit limit{filters::RateLimit::Scope::pod, 10, 5};
const TimePoint start = TimePoint() + 1h;

/// How many of `count` queries at one moment may be asked.
int taken(RateLimiter& rates, std::uint64_t source, int count, TimePoint now) {
  int result = 0;
  for (int i = 0; i < count; ++i)
    result += rates.take(source, limit, now) ? 1 : 0;
  return result;
}

}  // namespace

TEST_CASE("a burst may be asked at once, then the rate", "[proxy][rate-limiter]") {
  RateLimiter rates;
  CHECK(taken(rates, 1, 20, start) == 5);
  CHECK(taken(rates, 1, 20, start + 99ms) == 0);
  CHECK(taken(rates, 1, 20, start + 100ms) == 1);
  CHECK(taken(rates, 1, 20, start + 400ms) == 3);
}

TEST_CASE("what is not asked is saved up to the burst and no further", "[proxy][rate-limiter]") {
  RateLimiter rates;
  CHECK(taken(rates, 1, 5, start) == 5);
  CHECK(taken(rates, 1, 20, start + 1h) == 5);
}

TEST_CASE("sources do not spend each other's tokens", "[proxy][rate-limiter]") {
  RateLimiter rates;
  for (std::uint64_t source = 1; source <= 100; ++source)
    CHECK(taken(rates, source, 20, start) == 5);
}

TEST_CASE("with more sources than buckets those that spent least are forgotten",
          "[proxy][rate-limiter]") {
  RateLimiter rates;
  constexpr std::uint64_t same_set = 8192;
  CHECK(taken(rates, 1, 20, start) == 5);
  for (std::uint64_t i = 1; i <= 20; ++i)
    CHECK(taken(rates, 1 + i * same_set, 1, start) == 1);
  CHECK(taken(rates, 1, 20, start) == 0);
}

TEST_CASE("threads that share a bucket get no more than a little over its limit",
          "[proxy][rate-limiter]") {
  RateLimiter rates;
  std::vector<int> counts(4);
  std::vector<std::thread> threads;
  for (int& count : counts)
    threads.emplace_back([&] { count = taken(rates, 7, 1000, start); });
  for (std::thread& thread : threads)
    thread.join();
  const int sum = counts[0] + counts[1] + counts[2] + counts[3];
  CHECK(sum >= 5);
  CHECK(sum <= 20);
}

}  // namespace sluice::proxy
