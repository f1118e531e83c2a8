// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace sluice::dns {

/// For how many seconds the whole of a response may be kept: the least TTL of its answers, or of
/// its authorities if it has none (RFC 8484 5.1); 0 where nothing has a TTL.
std::uint32_t freshness(std::span<const std::uint8_t> message);

}  // namespace sluice::dns
