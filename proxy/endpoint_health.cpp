// SPDX-License-Identifier: Apache-2.0
#include "proxy/endpoint_health.hpp"

#include <algorithm>
#include <chrono>

namespace sluice::proxy {
namespace {

constexpr std::chrono::microseconds first_pause = std::chrono::milliseconds(100);
/// 100, 200, 400, 800 ms.
constexpr std::uint32_t max_doublings = 3;

}  // namespace

std::optional<UpstreamFailure> EndpointHealth::failure() const {
  if (is_good()) return std::nullopt;
  return failure_;
}

void EndpointHealth::fail(UpstreamFailure why, TimePoint now, std::uint16_t random) {
  failure_ = why;
  const auto pause = first_pause * (1U << std::min(failures_, max_doublings));
  // Up to a quarter more, never less: 100 ms is the shortest time between two attempts.
  retry_at_ = now + pause + pause / 4 * random / 65536;
  ++failures_;
}

}  // namespace sluice::proxy
