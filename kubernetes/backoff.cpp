// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/backoff.hpp"

#include <algorithm>
#include <utility>

namespace sluice::kubernetes {

Backoff::Backoff(const BackoffLimits& limits, Random random)
    : limits_(limits), random_(std::move(random)), step_(limits.first) {}

std::chrono::milliseconds Backoff::next(TimePoint now) {
  if (resumed_ && now - *resumed_ >= limits_.healthy) step_ = limits_.first;
  const auto delay = spread(step_);
  step_ = std::min(step_ * 2, limits_.most);
  resumed_ = now + delay;
  return delay;
}

std::chrono::milliseconds Backoff::spread(std::chrono::milliseconds delay) const {
  const double extra = static_cast<double>(delay.count()) * limits_.jitter * random_();
  return delay + std::chrono::milliseconds(static_cast<std::int64_t>(extra));
}

}  // namespace sluice::kubernetes
