// SPDX-License-Identifier: Apache-2.0
// Many events that come together, told once: `kubectl apply` of a directory makes one for each
// object.
#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sluice::kubernetes {

/// Far below the second within which a tenant's edit is to have its effect.
inline constexpr std::chrono::milliseconds settle_time{20};

/// Lives on one executor.
class Settling {
 public:
  /// `tell` is called settle_time after the first touch() since the last call.
  Settling(const boost::asio::any_io_executor& executor, std::function<void()> tell)
      : timer_(executor), tell_(std::move(tell)) {}

  void touch() {
    if (is_settling_) return;
    is_settling_ = true;
    timer_.expires_after(settle_time);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      is_settling_ = false;
      tell_();
    });
  }

 private:
  boost::asio::steady_timer timer_;
  std::function<void()> tell_;
  bool is_settling_ = false;
};

}  // namespace sluice::kubernetes
