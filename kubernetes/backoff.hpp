// SPDX-License-Identifier: Apache-2.0
// How long to wait after a failure. A thousand nodes that lost the same API server must not come
// back together, hence the jitter.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace sluice::kubernetes {

/// Monotonic: a wall clock that jumps changes nothing here.
using TimePoint = std::chrono::steady_clock::time_point;

/// Numbers in [0, 1). Tests give their own.
using Random = std::function<double()>;

/// The values that Kubernetes' own clients have.
struct BackoffLimits {
  std::chrono::milliseconds first{800};
  std::chrono::milliseconds most{30'000};      ///< before jitter
  double jitter = 1.0;                         ///< up to so many times the delay is added
  std::chrono::milliseconds healthy{120'000};  ///< without a failure: begin with `first` again
};

/// Doubles from failure to failure.
class Backoff {
 public:
  Backoff(const BackoffLimits& limits, Random random);

  /// The delay after a failure at `now`.
  [[nodiscard]] std::chrono::milliseconds next(TimePoint now);
  /// `delay` with the jitter added, for delays that somebody else chose.
  [[nodiscard]] std::chrono::milliseconds spread(std::chrono::milliseconds delay) const;

 private:
  BackoffLimits limits_;
  Random random_;
  std::chrono::milliseconds step_;
  std::optional<TimePoint> resumed_;  ///< when the last delay ended
};

}  // namespace sluice::kubernetes
