// SPDX-License-Identifier: Apache-2.0
// A rule as it was written: what it matches, and what it does then. Meanings and defaults are those
// of docs/policies.md.
#pragma once

#include <bitset>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/compact_name.hpp"
#include "dns/types.hpp"
#include "filters/address.hpp"
#include "filters/pattern_list.hpp"
#include "filters/rare.hpp"

namespace sluice::filters {

/// What a rule does with a query that it matches. `pass` leaves the tier, `audit` counts and goes
/// on, `strip` takes addresses out of an answer.
enum class Action : std::uint8_t { allow, deny, rewrite, audit, pass, strip };
inline constexpr std::size_t action_count = static_cast<std::size_t>(Action::strip) + 1;
/// Whether the CNAME targets of an answer are judged too; see Chain::judge_target.
enum class CnameInspection : std::uint8_t { inspect, trust };
enum class ResponseType : std::uint8_t { nxdomain, nodata, refused, sinkhole };

/// What a denied client is told.
struct Response {
  ResponseType type = ResponseType::nxdomain;
  std::uint32_t ttl_seconds = 30;
  /// Only with ResponseType::sinkhole; a family without an address is answered NODATA.
  std::optional<Address> sinkhole_ipv4;
  std::optional<Address> sinkhole_ipv6;
};

/// What a rewritten name is answered with: either another name or up to eight addresses.
struct Rewrite {
  std::optional<dns::CompactName> canonical_name;  ///< canonical
  std::vector<Address> addresses;
  std::uint32_t ttl_seconds = 30;
};

/// Names a DomainList, or a ClusterDomainList when there is no namespace.
struct ListKey {
  std::string namespace_name;
  std::string name;
  auto operator<=>(const ListKey&) const = default;
};

/// The hours in which a rule is in force, by the clock of a time zone. Hours that end before they
/// begin go on over midnight and belong to the day on which they began.
struct Schedule {
  std::string time_zone;           ///< IANA, "Europe/Berlin"
  std::bitset<7> weekdays;         ///< 0 is Monday
  std::chrono::minutes start{0};   ///< since midnight
  std::chrono::minutes end{1440};  ///< not included; 1440: the end of the day
  bool operator==(const Schedule&) const = default;
};

/// One rule. An empty matcher matches everything. Domains, patterns and lists are ORed; query
/// types, schedule and answers are ANDed to them.
struct Rule {
  std::string name;
  PatternList domains;
  RareList<std::string> patterns;  ///< RE2; match the whole name, lower case, no final dot
  RareList<ListKey> lists;
  RareList<dns::Type> query_types;
  /// Not empty: the rule waits for the answer and is about addresses in it that lie in one of
  /// these.
  RareList<Prefix> answer_prefixes;
  Rare<Schedule> schedule;  ///< not given: always
  Rare<Response> response;  ///< with Action::deny; one given goes before what a list's entries say
  Rare<Rewrite> rewrite;    ///< with Action::rewrite
  Action action = Action::deny;
  CnameInspection cname_inspection = CnameInspection::inspect;
};

}  // namespace sluice::filters
