// SPDX-License-Identifier: Apache-2.0
// The RDATA that Sluice has to look into: where names stand (they may be compressed and must be
// expanded when a record moves to another message, RFC 3597 4), the numbers of an SOA, the address
// hints of SVCB.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dns/error.hpp"
#include "dns/message.hpp"

namespace sluice::dns {

/// `prefix` octets, then `names` names, then the rest as it is.
struct RdataLayout {
  std::uint8_t prefix = 0;
  std::uint8_t names = 0;
  bool compressible = false;  ///< RFC 1035 types only; others are written in full (RFC 3597 4)
  std::optional<std::uint8_t> rest =
      std::nullopt;  ///< octets behind the names; nothing: any number
};

/// All types that have no names inside, or were defined without compression, are opaque.
RdataLayout rdata_layout(Type type);

/// The name that a CNAME, NS, PTR or DNAME record points to, canonical.
Result<Name> target_of(std::span<const std::uint8_t> message, const Record& record);

/// What RFC 2308 5 needs of an SOA.
Result<std::uint32_t> soa_minimum(std::span<const std::uint8_t> message, const Record& record);

/// SvcParams of an SVCB or HTTPS record (RFC 9460 2.2).
struct ServiceBinding {
  std::uint16_t priority = 0;
  Name target;                              ///< as received
  std::span<const std::uint8_t> ipv4_hint;  ///< 4 octets each (7.3)
  std::span<const std::uint8_t> ipv6_hint;  ///< 16 octets each
};
/// The target is never compressed (2.2), so RDATA is all there is to see.
Result<ServiceBinding> parse_service_binding(std::span<const std::uint8_t> rdata);

inline bool is_service_binding(Type type) {
  return type == Type::svcb || type == Type::https;
}

}  // namespace sluice::dns
