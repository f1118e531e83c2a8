// SPDX-License-Identifier: Apache-2.0
// How often something may be written to an API server: a token bucket.
#pragma once

#include <algorithm>
#include <chrono>

#include "kubernetes/backoff.hpp"

namespace sluice::kubernetes {

/// Not for several threads.
class WriteLimit {
 public:
  struct Rate {
    double per_second = 5;
    double burst = 10;
  };

  WriteLimit(Rate rate, TimePoint now) : rate_(rate), tokens_(rate.burst), counted_(now) {}

  /// Takes a token; how long to wait before what it is for, mostly not at all. Whoever comes next
  /// waits behind it.
  [[nodiscard]] std::chrono::milliseconds take(TimePoint now) {
    const std::chrono::duration<double> passed = now - counted_;
    tokens_ = std::min(rate_.burst, tokens_ + passed.count() * rate_.per_second) - 1;
    counted_ = now;
    if (tokens_ >= 0) return std::chrono::milliseconds(0);
    return std::chrono::ceil<std::chrono::milliseconds>(
        std::chrono::duration<double>(-tokens_ / rate_.per_second));
  }

 private:
  Rate rate_;
  double tokens_;  ///< less than 0: taken in advance
  TimePoint counted_;
};

}  // namespace sluice::kubernetes
