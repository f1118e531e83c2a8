// SPDX-License-Identifier: Apache-2.0
// Many events that come together, told once: `kubectl apply` of a directory makes one for each
// object. And where they never stop coming, telling never takes more than a share of the time.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sluice::kubernetes {

/// Far below the second within which a tenant's edit is to have its effect.
inline constexpr std::chrono::milliseconds settle_time{20};
/// After it took a time to tell, there is a pause of so many times that: at most a fifth of one
/// core goes to policies, whatever tenants write.
inline constexpr int pause_factor = 4;

/// How long after a touch() to tell, when the last telling ended `since_last` ago and took `cost`.
inline std::chrono::steady_clock::duration settling_delay(
    std::chrono::steady_clock::duration since_last, std::chrono::steady_clock::duration cost) {
  return std::max<std::chrono::steady_clock::duration>(settle_time,
                                                       cost * pause_factor - since_last);
}

/// Lives on one executor.
class Settling {
 public:
  /// `tell` is called once for all calls of touch() since the last time, settling_delay() after the
  /// first of them.
  Settling(const boost::asio::any_io_executor& executor, std::function<void()> tell)
      : timer_(executor), tell_(std::move(tell)) {}

  void touch() {
    if (is_settling_) return;
    is_settling_ = true;
    timer_.expires_after(settling_delay(Clock::now() - told_, cost_));
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) tell();
    });
  }

 private:
  using Clock = std::chrono::steady_clock;

  void tell() {
    is_settling_ = false;
    const auto start = Clock::now();
    tell_();
    told_ = Clock::now();
    cost_ = told_ - start;
  }

  boost::asio::steady_timer timer_;
  std::function<void()> tell_;
  bool is_settling_ = false;
  Clock::time_point told_;  ///< when tell_ returned last
  Clock::duration cost_{};  ///< of tell_ the last time
};

}  // namespace sluice::kubernetes
