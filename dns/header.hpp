// SPDX-License-Identifier: Apache-2.0
// The twelve octets at the front of each message (RFC 1035 4.1.1), and the first decision of all:
// whether they alone say that there is nothing to do. The same on every transport (RFC 8906 3).
#pragma once

#include <cstdint>
#include <span>

#include "dns/error.hpp"
#include "dns/types.hpp"

namespace sluice::dns {

inline constexpr std::size_t header_size = 12;

/// Flag bits of the second 16 bits.
struct Flags {
  static constexpr std::uint16_t qr = 0x8000;
  static constexpr std::uint16_t aa = 0x0400;
  static constexpr std::uint16_t tc = 0x0200;
  static constexpr std::uint16_t rd = 0x0100;
  static constexpr std::uint16_t ra = 0x0080;
  static constexpr std::uint16_t ad = 0x0020;
  static constexpr std::uint16_t cd = 0x0010;
};

struct Header {
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::uint16_t question_count = 0;
  std::uint16_t answer_count = 0;
  std::uint16_t authority_count = 0;
  std::uint16_t additional_count = 0;

  [[nodiscard]] bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] Opcode opcode() const { return static_cast<Opcode>(flags >> 11 & 0xf); }
  /// The four bits of the header alone.
  [[nodiscard]] Rcode rcode() const { return static_cast<Rcode>(flags & 0xf); }
};

/// `message` must have at least header_size octets.
Header read_header(std::span<const std::uint8_t> message);

/// What to do with a message that came in where queries are expected.
enum class HeaderVerdict : std::uint8_t {
  accept,
  drop_short,          ///< no ID to answer to
  drop_response,       ///< QR=1: answering would make loops between servers
  bad_opcode,          ///< NOTIMP: only QUERY is served, UPDATE and NOTIFY least of all
  bad_question_count,  ///< FORMERR: RFC 9619
  bad_record_counts,   ///< FORMERR: no answers, an SOA at most (IXFR), OPT and TSIG at most
};

HeaderVerdict check_header(std::span<const std::uint8_t> message);

/// The one place where a parse error becomes an answer.
Rcode rcode_for(WireError error);

}  // namespace sluice::dns
