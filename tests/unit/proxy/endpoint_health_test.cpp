// SPDX-License-Identifier: Apache-2.0
#include "proxy/endpoint_health.hpp"

#include <chrono>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;
using namespace std::chrono_literals;

namespace {
constexpr TimePoint start{1000s};
constexpr auto unreachable = UpstreamFailure::unreachable;
}  // namespace

TEST_CASE("a new endpoint is good", "[proxy][endpoint-health]") {
  const EndpointHealth health;
  CHECK(health.is_good());
  CHECK(health.may_try(start));
  CHECK_FALSE(health.failure());
}

TEST_CASE("a failed endpoint is left alone for 100 ms, then twice as long each time up to 800 ms",
          "[proxy][endpoint-health]") {
  EndpointHealth health;
  for (const auto pause : {100ms, 200ms, 400ms, 800ms, 800ms}) {
    health.fail(unreachable, start, 0);
    CHECK_FALSE(health.may_try(start + pause - 1ms));
    CHECK(health.may_try(start + pause));
  }
}

TEST_CASE("the jitter adds a quarter at most, so that a second is never exceeded",
          "[proxy][endpoint-health]") {
  EndpointHealth health;
  for (int i = 0; i < 40; ++i)
    health.fail(unreachable, start, 0xffff);
  CHECK_FALSE(health.may_try(start + 999ms));
  CHECK(health.may_try(start + 1s));
}

TEST_CASE("a success makes an endpoint as good as new", "[proxy][endpoint-health]") {
  EndpointHealth health;
  health.fail(unreachable, start, 0);
  health.fail(UpstreamFailure::untrusted, start, 0);
  CHECK(health.failure() == UpstreamFailure::untrusted);
  health.succeed();
  CHECK(health.may_try(start));
  CHECK_FALSE(health.failure());
  health.fail(unreachable, start, 0);
  CHECK(health.may_try(start + 100ms));
}
