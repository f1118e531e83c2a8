// SPDX-License-Identifier: Apache-2.0
// Time as the data plane sees it: monotonic, so that a clock set back or forth changes nothing.
#pragma once

#include <chrono>

namespace sluice::proxy {

using TimePoint = std::chrono::steady_clock::time_point;

/// Where the pipeline gets the time of late events from. Tests have one that stands still until
/// told.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};

class SteadyClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace sluice::proxy
