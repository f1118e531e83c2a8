// SPDX-License-Identifier: Apache-2.0
// Policy as it was written: plain data, one struct per thing that a DNSFilter, ClusterDNSFilter or
// DNSTenant says. crds/ fills these from manifests, filters/compiler.hpp turns them into a
// Snapshot. Meanings and defaults are those of docs/policies.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/types.hpp"
#include "filters/address.hpp"
#include "filters/selector.hpp"

namespace sluice::filters {

/// What a rule does with a query that it matches. `pass` leaves the tier, `audit` counts and goes
/// on.
enum class Action : std::uint8_t { allow, deny, rewrite, audit, pass };
/// Whether the CNAME targets of an answer are judged too; see Chain::judge_target.
enum class CnameInspection : std::uint8_t { inspect, trust };
/// The order in which tiers are asked.
enum class Tier : std::uint8_t { admin, tenant, baseline };
enum class EnforcementMode : std::uint8_t { enforce, audit };
enum class DefaultAction : std::uint8_t { inherit, allow, deny };
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
  std::optional<dns::Name> canonical_name;  ///< canonical
  std::vector<Address> addresses;
  std::uint32_t ttl_seconds = 30;
};

/// `example.com`, `*.example.com`, `.example.com` or `*`.
struct Pattern {
  dns::Name name;      ///< canonical; the root for `*`
  bool apex = false;   ///< matches the name itself
  bool below = false;  ///< matches everything below it, at any depth

  /// Reads one spelling: lower case, no final dot. Nothing for anything else.
  static std::optional<Pattern> from_text(std::string_view text);
};

/// One rule. An empty matcher matches everything; domains are ORed, query types are ANDed to them.
struct Rule {
  std::string name;
  Action action = Action::deny;
  std::vector<Pattern> domains;
  std::vector<dns::Type> query_types;
  CnameInspection cname_inspection = CnameInspection::inspect;
  Response response;  ///< with Action::deny
  Rewrite rewrite;    ///< with Action::rewrite
};

/// Whom a ClusterDNSFilter is about: all conditions must hold, none means everybody.
struct Subject {
  std::vector<std::string> tenant_names;
  std::optional<LabelSelector> namespace_selector;
  std::optional<LabelSelector> pod_selector;
};

/// One DNSFilter (tier tenant, with a namespace) or ClusterDNSFilter (tier admin or baseline,
/// without).
struct Filter {
  Tier tier = Tier::tenant;
  std::string namespace_name;
  std::string name;
  std::int32_t priority = 500;  ///< lower first, ties by name
  EnforcementMode mode = EnforcementMode::enforce;
  LabelSelector pod_selector;  ///< tier tenant
  Subject subject;             ///< tiers admin and baseline
  std::vector<Rule> rules;
  DefaultAction default_action = DefaultAction::inherit;  ///< tier tenant
  Response default_response;
};

/// A DNSTenant: the namespaces that it groups. A namespace without one is its own tenant.
struct Tenant {
  std::string name;
  LabelSelector namespace_selector;
};

struct Namespace {
  std::string name;
  /// `kubernetes.io/metadata.name` need not be given: it is always there, as the API server sees to
  /// it.
  Labels labels;
};

/// Everything that a set of manifests says.
struct PolicySet {
  std::vector<Filter> filters;
  std::vector<Tenant> tenants;
  std::vector<Namespace> namespaces;
};

/// Somebody who asks: the namespace of a pod and its labels.
struct Workload {
  std::string namespace_name;
  Labels labels;
};

}  // namespace sluice::filters
