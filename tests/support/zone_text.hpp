// SPDX-License-Identifier: Apache-2.0
// Records as zone-file text (RFC 1035 5.1, RFC 3597 5) for tests, so that they read like DNS and
// not like hex. A text that is wrong is a mistake in the test and throws std::invalid_argument.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dns/message_writer.hpp"

namespace sluice::tests {

/// A record that belongs to no message. Names in `rdata` are not compressed.
struct ZoneRecord {
  dns::Name owner;
  dns::Type type = dns::Type::a;
  dns::Class klass = dns::Class::in;
  std::uint32_t ttl = 300;
  std::vector<std::uint8_t> rdata;
  bool generic = false;  ///< given as `\# size hex`: written octet by octet, whatever is in it
};

/// "www.example. 300 IN A 192.0.2.1"; TTL and class may be left out.
/// Knows A AAAA CNAME DNAME NS PTR MX TXT SOA SRV SVCB HTTPS; every other type as `TYPE65399 \# 2
/// 00ff`.
ZoneRecord parse_record(std::string_view text);

/// One record a line; empty lines and lines that start with `;` are skipped.
std::vector<ZoneRecord> parse_zone(std::string_view text);

/// "www.example. A" or "version.bind. CH TXT"; the name keeps its case.
dns::Question parse_question(std::string_view text);

/// Decodes "00 ff"; white space anywhere.
std::vector<std::uint8_t> parse_hex(std::string_view text);

void write_record(dns::MessageWriter& writer, dns::Section section, const ZoneRecord& record);

}  // namespace sluice::tests
