// SPDX-License-Identifier: Apache-2.0
// Where a query came from: who is asking, and how the answer finds its way back.
#pragma once

#include <cstdint>

#include "filters/address.hpp"
#include "filters/client_map.hpp"

namespace sluice::proxy {

enum class Transport : std::uint8_t { udp, tcp, tls, https };
inline constexpr std::size_t transport_count = 4;
constexpr bool is_encrypted(Transport transport) {
  return transport == Transport::tls || transport == Transport::https;
}

/// Identity is judged by `address`, `listener` and `certificate` alone; the rest only carries the
/// answer back.
struct Origin {
  filters::Address address;
  std::uint16_t port = 0;
  Transport transport = Transport::udp;
  std::uint16_t listener = 0;    ///< index into Settings::listeners
  std::uint32_t scope = 0;       ///< interface of a link-local IPv6 address
  std::uint64_t connection = 0;  ///< streams: its number in the worker, never used twice
  /// UDP on a wildcard address: the address that was asked, which must answer (RFC 2181 4).
  filters::Address local;
  filters::CertificateClaim certificate;  ///< streams with TLS
  std::int32_t request = 0;               ///< HTTP/2: the stream of the connection
};

}  // namespace sluice::proxy
