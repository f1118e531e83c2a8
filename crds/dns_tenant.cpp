// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_tenant.hpp"

#include "crds/enumeration.hpp"
#include "crds/matcher_decoder.hpp"
#include "crds/rule_decoder.hpp"
#include "crds/schemas.hpp"
#include "crds/selector_decoder.hpp"

namespace sluice::crds {
namespace {

using filters::Action;
using filters::CacheScope;
using filters::ClientSubnet;
using filters::FailureMode;
using filters::RateLimit;
using filters::ServiceVisibility;

constexpr std::array delegable_actions = {
    Word{"Allow", Action::allow}, Word{"Deny", Action::deny},   Word{"Rewrite", Action::rewrite},
    Word{"Audit", Action::audit}, Word{"Strip", Action::strip},
};
constexpr std::array cache_scopes = {
    Word{"Shared", CacheScope::shared},
    Word{"Tenant", CacheScope::tenant},
};
constexpr std::array client_subnets = {
    Word{"Strip", ClientSubnet::strip},
    Word{"Forward", ClientSubnet::forward},
};
constexpr std::array visibilities = {
    Word{"Cluster", ServiceVisibility::cluster},
    Word{"Tenant", ServiceVisibility::tenant},
};
constexpr std::array failure_modes = {
    Word{"Closed", FailureMode::closed},
    Word{"Open", FailureMode::open},
};
constexpr std::array rate_scopes = {
    Word{"Pod", RateLimit::Scope::pod},
    Word{"Tenant", RateLimit::Scope::tenant},
};

std::uint32_t decode_count(const Field& field) {
  return static_cast<std::uint32_t>(field.integer().value_or(0));
}

filters::Delegation decode_delegation(const Field& field) {
  filters::Delegation delegation;
  delegation.allowed_actions.clear();
  for (const Field& item : field.child("allowedActions").items()) {
    if (const auto action = decode_word(item, delegable_actions))
      delegation.allowed_actions.push_back(*action);
  }
  delegation.max_filters = decode_count(field.child("maxFilters"));
  delegation.max_domains = decode_count(field.child("maxDomains"));
  return delegation;
}

filters::Resolution decode_resolution(const Field& field) {
  filters::Resolution resolution;
  resolution.upstream_name = field.child("upstreamName").text().value_or("");
  for (const Field& item : field.child("zones").items()) {
    const auto zone = decode_name(item.child("zone"));
    if (zone) resolution.zones.push_back({*zone, item.child("upstreamName").text().value_or("")});
  }
  resolution.cache_scope =
      decode_word(field.child("cacheScope"), cache_scopes).value_or(CacheScope::shared);
  resolution.client_subnet =
      decode_word(field.child("clientSubnet"), client_subnets).value_or(ClientSubnet::strip);
  return resolution;
}

std::optional<RateLimit> decode_rate_limit(const Field& field) {
  if (!field.is_present()) return std::nullopt;
  return RateLimit{decode_word(field.child("scope"), rate_scopes).value_or(RateLimit::Scope::pod),
                   decode_count(field.child("queriesPerSecond")),
                   decode_count(field.child("burst"))};
}

}  // namespace

filters::Tenant decode_dns_tenant(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(spec_schema("DNSTenant"), spec);

  const Field selector = spec.child("namespaceSelector");
  filters::Tenant tenant{metadata.name, decode_selector(selector)};
  // A tenant of all namespaces would swallow everybody else's; it is always a forgotten line.
  if (selector.is_defined() && selector.node().is_mapping() && tenant.namespace_selector.empty())
    selector.reject("`namespaceSelector` must not be empty");
  tenant.delegation = decode_delegation(spec.child("delegation"));
  tenant.resolution = decode_resolution(spec.child("resolution"));
  tenant.service_visibility = decode_word(spec.child("serviceVisibility"), visibilities)
                                  .value_or(ServiceVisibility::cluster);
  tenant.failure_mode =
      decode_word(spec.child("failureMode"), failure_modes).value_or(FailureMode::closed);
  tenant.query_logging = decode_logging(spec.child("queryLogging"));
  tenant.rate_limit = decode_rate_limit(spec.child("rateLimit"));
  return tenant;
}

}  // namespace sluice::crds
