// SPDX-License-Identifier: Apache-2.0
#include "dns/error.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

namespace sluice::dns {

TEST_CASE("a result holds a value or the reason for having none", "[dns][error]") {
  const Result<int> good = 7;
  const Result<int> bad = WireError::truncated;
  CHECK(good.value() == 7);
  CHECK(bad.error() == WireError::truncated);
}

TEST_CASE("taking the value of an error is a bug of ours and says so", "[dns][error]") {
  const Result<int> bad = WireError::truncated;
  CHECK_THROWS_AS(bad.value(), std::logic_error);
}

}  // namespace sluice::dns
