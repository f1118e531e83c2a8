// SPDX-License-Identifier: Apache-2.0
#include "proxy/failure_cache.hpp"

#include <memory>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fake_clock.hpp"

namespace sluice::proxy {

using namespace std::chrono_literals;

TEST_CASE("a failure is remembered for a second", "[proxy][failure_cache]") {
  const auto failures = std::make_unique<FailureCache>();
  const TimePoint now = tests::FakeClock().now();
  CHECK_FALSE(failures->contains(7, now));
  failures->insert(7, now);
  CHECK(failures->contains(7, now));
  CHECK(failures->contains(7, now + 999ms));
  CHECK_FALSE(failures->contains(7, now + 1s));
  CHECK_FALSE(failures->contains(8, now));
}

TEST_CASE("a failure is forgotten when the question is answered", "[proxy][failure_cache]") {
  const auto failures = std::make_unique<FailureCache>();
  const TimePoint now = tests::FakeClock().now();
  failures->insert(7, now);
  failures->erase(8);
  CHECK(failures->contains(7, now));
  failures->erase(7);
  CHECK_FALSE(failures->contains(7, now));
}

TEST_CASE("a question that takes another's place never looks like it", "[proxy][failure_cache]") {
  const auto failures = std::make_unique<FailureCache>();
  const TimePoint now = tests::FakeClock().now();
  failures->insert(7, now);
  failures->insert(7 + 4096, now);
  CHECK_FALSE(failures->contains(7, now));
  CHECK(failures->contains(7 + 4096, now));
  failures->erase(7);
  CHECK(failures->contains(7 + 4096, now));
}

TEST_CASE("an empty cache contains nothing, not even the hash 0", "[proxy][failure_cache]") {
  const auto failures = std::make_unique<FailureCache>();
  CHECK_FALSE(failures->contains(0, tests::FakeClock().now()));
}

}  // namespace sluice::proxy
