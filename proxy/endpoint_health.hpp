// SPDX-License-Identifier: Apache-2.0
// Whether an endpoint is worth a connection now: after a failure it is left alone for 100 ms, then
// twice as long each time, up to 800 ms. The jitter keeps the workers of a cluster from coming back
// all at once; with it, a server that is back is found within a second.
#pragma once

#include <cstdint>
#include <optional>

#include "proxy/clock.hpp"
#include "proxy/upstream.hpp"

namespace sluice::proxy {

/// Pure: the caller brings the time and the randomness.
class EndpointHealth {
 public:
  [[nodiscard]] bool is_good() const { return failures_ == 0; }
  /// Whether a connection may be opened.
  [[nodiscard]] bool may_try(TimePoint now) const { return is_good() || now >= retry_at_; }
  /// Why it failed last; nothing while it is good.
  [[nodiscard]] std::optional<UpstreamFailure> failure() const;
  void succeed() { failures_ = 0; }
  /// `random` is any 16-bit number.
  void fail(UpstreamFailure why, TimePoint now, std::uint16_t random);

 private:
  TimePoint retry_at_;
  UpstreamFailure failure_ = UpstreamFailure::unreachable;
  std::uint32_t failures_ = 0;
};

}  // namespace sluice::proxy
