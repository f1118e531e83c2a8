// SPDX-License-Identifier: Apache-2.0
// The data of a small authoritative server: exact names, wildcards (RFC 4592), CNAMEs within its
// zones, NXDOMAIN and NODATA with SOA. For tests, the demo and benchmarks; no DNSSEC, no transfers.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dns/message_writer.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::tests {

class ToyZone {
 public:
  /// Records as parse_zone() takes them. Each SOA makes its owner the apex of a zone; names in none
  /// of them are REFUSED.
  explicit ToyZone(std::string_view text);

  /// The answer to `query`, in `buffer`; with TC if it does not fit there.
  std::span<std::uint8_t> answer(const dns::Query& query, std::span<std::uint8_t> buffer) const;

 private:
  using Node = std::vector<ZoneRecord>;

  void add(const ZoneRecord& record);
  [[nodiscard]] const ZoneRecord* soa_above(dns::NameView name) const;
  [[nodiscard]] const Node* node_at(dns::NameView name) const;
  [[nodiscard]] const Node* find(dns::NameView name) const;
  dns::Rcode write_records(const dns::Question& question, dns::MessageWriter& writer) const;

  std::unordered_map<std::string, Node>
      nodes_;  ///< by canonical wire form; empty non-terminals too
  std::vector<ZoneRecord> apexes_;
};

}  // namespace sluice::tests
