// SPDX-License-Identifier: Apache-2.0
#include "filters/special_purpose.hpp"

#include <array>
#include <vector>

namespace sluice::filters {
namespace {

// 192.0.0.9 and 192.0.0.10 are globally reachable (RFC 7723, RFC 8155), so that 192.0.0.0/24 stands
// here in parts. ::ffff:0:0/96 is missing because a mapped address is an IPv4 address to us and
// judged as such. Of 2001::/23 only the parts that were ever assigned are named.
constexpr std::array ranges = {
    SpecialPurposeRange{"0.0.0.0/8", "RFC 791, this network"},
    SpecialPurposeRange{"10.0.0.0/8", "RFC 1918, private use"},
    SpecialPurposeRange{"100.64.0.0/10", "RFC 6598, carrier-grade NAT"},
    SpecialPurposeRange{"127.0.0.0/8", "RFC 1122, loopback"},
    SpecialPurposeRange{"169.254.0.0/16", "RFC 3927, link-local"},
    SpecialPurposeRange{"172.16.0.0/12", "RFC 1918, private use"},
    SpecialPurposeRange{"192.0.0.0/29", "RFC 7335, IPv4 service continuity"},
    SpecialPurposeRange{"192.0.0.8/32", "RFC 7600, dummy address"},
    SpecialPurposeRange{"192.0.0.11/32", "RFC 6890, protocol assignments"},
    SpecialPurposeRange{"192.0.0.12/30", "RFC 6890, protocol assignments"},
    SpecialPurposeRange{"192.0.0.16/28", "RFC 6890, protocol assignments"},
    SpecialPurposeRange{"192.0.0.32/27", "RFC 6890, protocol assignments"},
    SpecialPurposeRange{"192.0.0.64/26", "RFC 6890, protocol assignments"},
    SpecialPurposeRange{"192.0.0.128/25", "RFC 6890 and 8880, protocol assignments"},
    SpecialPurposeRange{"192.0.2.0/24", "RFC 5737, documentation"},
    SpecialPurposeRange{"192.88.99.2/32", "RFC 6751, 6a44 relay"},
    SpecialPurposeRange{"192.168.0.0/16", "RFC 1918, private use"},
    SpecialPurposeRange{"198.18.0.0/15", "RFC 2544, benchmarking"},
    SpecialPurposeRange{"198.51.100.0/24", "RFC 5737, documentation"},
    SpecialPurposeRange{"203.0.113.0/24", "RFC 5737, documentation"},
    SpecialPurposeRange{"240.0.0.0/4", "RFC 1112 and 919, reserved and limited broadcast"},
    SpecialPurposeRange{"::/128", "RFC 4291, unspecified"},
    SpecialPurposeRange{"::1/128", "RFC 4291, loopback"},
    SpecialPurposeRange{"64:ff9b:1::/48", "RFC 8215, local IPv4/IPv6 translation"},
    SpecialPurposeRange{"100::/64", "RFC 6666, discard-only"},
    SpecialPurposeRange{"100:0:0:1::/64", "RFC 9780, dummy prefix"},
    SpecialPurposeRange{"2001:2::/48", "RFC 5180, benchmarking"},
    SpecialPurposeRange{"2001:10::/28", "RFC 4843, former ORCHID"},
    SpecialPurposeRange{"2001:db8::/32", "RFC 3849, documentation"},
    SpecialPurposeRange{"3fff::/20", "RFC 9637, documentation"},
    SpecialPurposeRange{"5f00::/16", "RFC 9602, segment routing"},
    SpecialPurposeRange{"fc00::/7", "RFC 4193, unique local"},
    SpecialPurposeRange{"fe80::/10", "RFC 4291, link-local"},
};

std::vector<Prefix> read_ranges() {
  std::vector<Prefix> prefixes;
  for (const SpecialPurposeRange& range : ranges) {
    prefixes.push_back(*Prefix::from_text(range.prefix));  // a test reads them all
  }
  return prefixes;
}

}  // namespace

std::span<const SpecialPurposeRange> special_purpose_ranges() {
  return ranges;
}

std::span<const Prefix> special_purpose_prefixes() {
  static const std::vector<Prefix> prefixes = read_ranges();
  return prefixes;
}

}  // namespace sluice::filters
