// SPDX-License-Identifier: Apache-2.0
// Policy as it was written: plain data, one struct per kind of sluice.dev. crds/ fills these from
// manifests, filters/compiler.hpp turns them into chains. Meanings and defaults are those of
// docs/policies.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/name.hpp"
#include "filters/rules.hpp"
#include "filters/selector.hpp"
#include "filters/shared.hpp"

namespace sluice::filters {

/// The order in which tiers are asked.
enum class Tier : std::uint8_t { admin, tenant, baseline };
enum class EnforcementMode : std::uint8_t { enforce, audit };
enum class DefaultAction : std::uint8_t { inherit, allow, deny };
/// Which queries are written to the query log.
enum class QueryLogging : std::uint8_t { none, denied, all };

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
  Rules rules;
  DefaultAction default_action = DefaultAction::inherit;  ///< tier tenant
  Response default_response;
  QueryLogging logging = QueryLogging::denied;
  /// The object is wrong and never was right: it has no rules, and those whom it selects fall to
  /// their tenant's FailureMode.
  bool is_broken = false;
};

/// What happens to pods that a broken filter selects: as if its default action were Deny, or as if
/// it were not there.
enum class FailureMode : std::uint8_t { closed, open };
/// Which names of services and pods a tenant may resolve.
enum class ServiceVisibility : std::uint8_t { cluster, tenant };
/// Who else is served from the answers that a tenant's queries brought into the cache.
enum class CacheScope : std::uint8_t { shared, tenant };
/// What happens to the EDNS Client Subnet of a query (RFC 7871).
enum class ClientSubnet : std::uint8_t { strip, forward };

/// What the platform lets a tenant's own filters do.
struct Delegation {
  std::vector<Action> allowed_actions = {Action::allow, Action::deny, Action::audit};
  std::uint32_t max_filters = 50;
  std::uint32_t max_domains = 100'000;  ///< patterns, and entries of DomainLists
};

/// Names at and below `zone` are resolved by this upstream.
struct ZoneUpstream {
  dns::Name zone;  ///< canonical
  std::string upstream_name;
  bool operator==(const ZoneUpstream&) const = default;
};

/// How a tenant's queries are resolved.
struct Resolution {
  std::string upstream_name;        ///< empty: the node's default upstream
  std::vector<ZoneUpstream> zones;  ///< the deepest zone that contains a name is meant
  CacheScope cache_scope = CacheScope::shared;
  ClientSubnet client_subnet = ClientSubnet::strip;
  bool operator==(const Resolution&) const = default;
};

/// How many queries a tenant, or each of its pods, may ask; what is more is refused.
struct RateLimit {
  enum class Scope : std::uint8_t { pod, tenant };
  Scope scope = Scope::pod;
  std::uint32_t queries_per_second = 0;
  std::uint32_t burst = 0;  ///< queries at once
  bool operator==(const RateLimit&) const = default;
};

/// A DNSTenant: the namespaces that it groups, and how they are served. A namespace without one is
/// a tenant of its own with the defaults of this.
struct Tenant {
  std::string name;
  LabelSelector namespace_selector;
  Delegation delegation;
  Resolution resolution;
  ServiceVisibility service_visibility = ServiceVisibility::cluster;
  FailureMode failure_mode = FailureMode::closed;
  QueryLogging query_logging = QueryLogging::all;  ///< the most that a filter's logging can ask for
  std::optional<RateLimit> rate_limit;
};

/// A DomainList or ClusterDomainList: its names, or where they are to be had.
struct DomainList {
  enum class EntryScope : std::uint8_t { name_and_subdomains, name_only };
  enum class Format : std::uint8_t { plain, hosts, adblock, rpz };
  /// A file below `lists.directory` of sluice.yaml, or an http or https URL.
  struct Source {
    std::string path;
    std::string url;  ///< one of the two
    Format format = Format::plain;
    std::chrono::seconds refresh_interval{3600};  ///< of a URL
    bool operator==(const Source&) const = default;
  };

  ListKey key;
  EntryScope entry_scope = EntryScope::name_and_subdomains;
  std::vector<dns::CompactName> entries;  ///< canonical
  std::optional<Source> source;           ///< instead of entries
};

/// A DNSUpstream: resolvers that tenants' queries can be sent to.
struct UpstreamSpec {
  enum class Transport : std::uint8_t { udp, tcp, tls };
  enum class Policy : std::uint8_t { sequential, round_robin };
  struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
  };

  std::string name;
  Transport transport = Transport::udp;
  std::vector<Endpoint> endpoints;
  Policy policy = Policy::sequential;
  std::chrono::milliseconds timeout{1000};  ///< per attempt
  std::string server_name;                  ///< with Transport::tls
  std::string ca_bundle_name;               ///< empty: the system's trust store
  std::string ca_bundle_key;
  bool operator==(const UpstreamSpec&) const = default;
};

struct Namespace {
  std::string name;
  /// `kubernetes.io/metadata.name` need not be given: it is always there, as the API server sees to
  /// it.
  Labels labels;
};

/// Everything that a set of manifests says.
struct PolicySet {
  Shared<Filter> filters;
  Shared<Tenant> tenants;
  Shared<Namespace> namespaces;
  Shared<DomainList> lists;
  Shared<UpstreamSpec> upstreams;
};

/// Somebody who asks: the namespace of a pod and its labels.
struct Workload {
  std::string namespace_name;
  Labels labels;
};

}  // namespace sluice::filters
