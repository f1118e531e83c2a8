// SPDX-License-Identifier: Apache-2.0
// The addresses that a stored answer gives away: of A and AAAA records, and hints in SVCB and HTTPS
// records (RFC 9460 7.3).
#pragma once

#include <cstdint>
#include <span>

#include "dns/answer.hpp"
#include "dns/rdata.hpp"

namespace sluice::dns {

/// What for_each_address() has to know of a record.
struct StoredRdata {
  Type type;
  std::span<const std::uint8_t> rdata;
};
/// Record `i` of the image.
StoredRdata stored_rdata(const AnswerView& answer, std::size_t i);

/// Calls `visit(record number, octets)` for every address; 4 or 16 octets.
template <typename Visitor>
void for_each_address(const AnswerView& answer, Visitor&& visit) {
  const auto each = [&](std::size_t i, std::span<const std::uint8_t> hints, std::size_t size) {
    for (; hints.size() >= size; hints = hints.subspan(size))
      visit(i, hints.first(size));
  };
  for (std::size_t i = 0; i < answer.head().answer_count; ++i) {
    const auto [type, rdata] = stored_rdata(answer, i);
    if (type == Type::a && rdata.size() == 4) visit(i, rdata);
    if (type == Type::aaaa && rdata.size() == 16) visit(i, rdata);
    if (!is_service_binding(type)) continue;
    const auto binding = parse_service_binding(rdata);
    if (!binding) continue;  // store_answer() keeps no malformed ones
    each(i, binding->ipv4_hint, 4);
    each(i, binding->ipv6_hint, 16);
  }
}

}  // namespace sluice::dns
