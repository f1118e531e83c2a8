// SPDX-License-Identifier: Apache-2.0
#include "dns/ede_name.hpp"

#include <array>
#include <string_view>

namespace sluice::dns {
namespace {

/// By code: IANA "Extended DNS Error Codes".
constexpr std::array<std::string_view, 30> names{
    "Other Error",
    "Unsupported DNSKEY Algorithm",
    "Unsupported DS Digest Type",
    "Stale Answer",
    "Forged Answer",
    "DNSSEC Indeterminate",
    "DNSSEC Bogus",
    "Signature Expired",
    "Signature Not Yet Valid",
    "DNSKEY Missing",
    "RRSIGs Missing",
    "No Zone Key Bit Set",
    "NSEC Missing",
    "Cached Error",
    "Not Ready",
    "Blocked",
    "Censored",
    "Filtered",
    "Prohibited",
    "Stale NXDOMAIN Answer",
    "Not Authoritative",
    "Not Supported",
    "No Reachable Authority",
    "Network Error",
    "Invalid Data",
    "Signature Expired before Valid",
    "Too Early",
    "Unsupported NSEC3 Iterations Value",
    "Unable to conform to policy",
    "Synthesized",
};

}  // namespace

std::string ede_name(Ede code) {
  const auto number = static_cast<std::size_t>(code);
  if (number < names.size()) return std::string(names[number]);
  return "EDE" + std::to_string(number);
}

}  // namespace sluice::dns
