// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/backoff.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::kubernetes;
using namespace std::chrono_literals;

namespace {

const TimePoint start{std::chrono::hours(1000)};

}  // namespace

TEST_CASE("delays double up to the most", "[kubernetes][backoff]") {
  Backoff backoff({}, [] { return 0.0; });
  TimePoint now = start;
  std::vector<std::chrono::milliseconds> delays;
  for (int i = 0; i < 8; ++i) {
    delays.push_back(backoff.next(now));
    now += delays.back();
  }
  CHECK(delays == std::vector<std::chrono::milliseconds>{800ms, 1600ms, 3200ms, 6400ms, 12800ms,
                                                         25600ms, 30000ms, 30000ms});
}

TEST_CASE("jitter doubles a delay at most", "[kubernetes][backoff]") {
  double number = 0.999;
  Backoff backoff({}, [&] { return number; });
  CHECK(backoff.next(start) == 1599ms);
  number = 0.5;
  CHECK(backoff.next(start) == 2400ms);
  CHECK(backoff.spread(10s) == 15s);
}

TEST_CASE("two minutes without a failure begin anew", "[kubernetes][backoff]") {
  Backoff backoff({}, [] { return 0.0; });
  CHECK(backoff.next(start) == 800ms);
  // The delay itself is no health.
  CHECK(backoff.next(start + 120s) == 1600ms);
  CHECK(backoff.next(start + 120s + 1600ms + 120s) == 800ms);
}

TEST_CASE("a clock that jumps makes no odd delay", "[kubernetes][backoff]") {
  Backoff backoff({}, [] { return 0.0; });
  CHECK(backoff.next(start) == 800ms);
  CHECK(backoff.next(start - 500h) == 1600ms);
  CHECK(backoff.next(start + 5000h) == 800ms);
}
