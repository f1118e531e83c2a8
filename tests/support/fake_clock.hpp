// SPDX-License-Identifier: Apache-2.0
// Time that passes only when a test says so.
#pragma once

#include <chrono>

#include "proxy/clock.hpp"

namespace sluice::tests {

class FakeClock final : public proxy::Clock {
 public:
  [[nodiscard]] proxy::TimePoint now() const override { return now_; }
  void advance(std::chrono::nanoseconds time) { now_ += time; }

 private:
  /// Not the epoch: what was never set must not look as if it had just happened.
  proxy::TimePoint now_{std::chrono::hours(1000)};
};

}  // namespace sluice::tests
