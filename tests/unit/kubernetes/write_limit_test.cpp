// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/write_limit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::kubernetes;
using namespace std::chrono_literals;

TEST_CASE("ten writes at once, then five a second", "[kubernetes][status]") {
  const TimePoint start = TimePoint{} + 1h;
  WriteLimit limit({}, start);
  for (int i = 0; i < 10; ++i)
    CHECK(limit.take(start) == 0ms);
  CHECK(limit.take(start) == 200ms);
  CHECK(limit.take(start) == 400ms);
  CHECK(limit.take(start + 1s) == 0ms);
  for (int i = 0; i < 10; ++i)
    CHECK(limit.take(start + 1h) == 0ms);  // no more than the burst is saved up
  CHECK(limit.take(start + 1h) == 200ms);
}
