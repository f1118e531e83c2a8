// SPDX-License-Identifier: Apache-2.0
// Where a query came from: who is asking, and how the answer finds its way back.
#pragma once

#include <cstdint>

#include "filters/address.hpp"

namespace sluice::proxy {

enum class Transport : std::uint8_t { udp, tcp, tls };
inline constexpr std::size_t transport_count = 3;

/// Identity is judged by `address` and `listener` alone; the rest only carries the answer back.
struct Origin {
  filters::Address address;
  std::uint16_t port = 0;
  Transport transport = Transport::udp;
  std::uint16_t listener = 0;    ///< index into Settings::listeners
  std::uint32_t scope = 0;       ///< interface of a link-local IPv6 address
  std::uint64_t connection = 0;  ///< streams: its number in the worker, never used twice
  /// UDP on a wildcard address: the address that was asked, which must answer (RFC 2181 4).
  filters::Address local;
};

}  // namespace sluice::proxy
