// SPDX-License-Identifier: Apache-2.0
// EDNS(0): the OPT pseudo-record (RFC 6891) and the options that Sluice cares about.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "dns/error.hpp"
#include "dns/types.hpp"

namespace sluice::dns {

/// An Extended DNS Error (RFC 8914). The text is UTF-8 and belongs to somebody else.
struct ExtendedError {
  Ede code = Ede::other;
  std::string_view text;
};

/// What a received OPT says. Spans look into the message. Of an option that comes twice the first
/// counts.
struct Edns {
  std::uint16_t payload_size = 512;
  std::uint8_t extended_rcode = 0;
  bool dnssec_ok = false;
  bool wants_padding = false;                   ///< RFC 7830: the peer padded, so pad what it gets
  bool wants_keepalive = false;                 ///< RFC 7828
  std::span<const std::uint8_t> cookie;         ///< RFC 7873
  std::span<const std::uint8_t> client_subnet;  ///< RFC 7871; stripped, never forwarded by default
  std::optional<ExtendedError> error;
};

/// The fixed part of an OPT record as the record parser found it.
struct OptRecord {
  std::uint16_t payload_size = 0;  ///< CLASS
  std::uint32_t ttl = 0;           ///< extended RCODE, version, flags
  std::span<const std::uint8_t> options;
};

/// Linear in the size of the options, whatever is in them (CVE-2026-41292).
Result<Edns> parse_edns(const OptRecord& opt);

}  // namespace sluice::dns
