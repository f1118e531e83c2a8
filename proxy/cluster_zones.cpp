// SPDX-License-Identifier: Apache-2.0
#include "proxy/cluster_zones.hpp"

#include <array>
#include <charconv>

namespace sluice::proxy {
namespace {

/// Where the IPv4 address starts in the mapped form.
constexpr unsigned v4_offset = 96;

std::string digits(unsigned value, int base) {
  std::array<char, 4> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, base).ptr;
  return {text.data(), end};
}

unsigned piece_of(const filters::Address& address, unsigned bit, unsigned bits) {
  const unsigned octet = address.octets()[bit / 8];
  return bits == 8 ? octet : octet >> (4 - bit % 8) & 0xfU;
}

}  // namespace

std::vector<dns::Name> reverse_zones(const filters::Prefix& prefix) {
  const bool v4 = prefix.address.is_v4() && prefix.length >= v4_offset;
  const unsigned piece_bits = v4 ? 8 : 4;
  const unsigned start = v4 ? v4_offset : 0;
  const unsigned fixed_bits = prefix.length - start;
  const unsigned rest = fixed_bits % piece_bits;
  const unsigned zones = rest == 0 ? 1 : 1U << (piece_bits - rest);
  const unsigned pieces = (fixed_bits + piece_bits - 1) / piece_bits;
  std::vector<dns::Name> names;
  for (unsigned i = 0; i < zones; ++i) {
    std::string text = v4 ? "in-addr.arpa." : "ip6.arpa.";
    for (unsigned piece = 0; piece < pieces; ++piece) {
      unsigned value = piece_of(prefix.address, start + piece * piece_bits, piece_bits);
      if (piece + 1 == pieces) value += i;
      text.insert(0, digits(value, v4 ? 10 : 16) + '.');
    }
    names.push_back(*dns::Name::from_text(text));
  }
  return names;
}

std::vector<dns::Name> service_zones(const dns::Name& cluster_domain) {
  return {cluster_domain, *dns::Name::from_text("clusterset.local.")};
}

std::vector<dns::Name> cluster_zones(const dns::Name& cluster_domain,
                                     const std::vector<filters::Prefix>& cluster_cidrs) {
  std::vector<dns::Name> zones = service_zones(cluster_domain);
  for (const filters::Prefix& prefix : cluster_cidrs) {
    for (const dns::Name& zone : reverse_zones(prefix))
      zones.push_back(zone);
  }
  return zones;
}

}  // namespace sluice::proxy
