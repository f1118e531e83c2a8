// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_tenant.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {
namespace {

const std::string full = R"(apiVersion: sluice.dev/v1alpha1
kind: DNSTenant
metadata: {name: ci-runners}
spec:
  namespaceSelector:
    matchLabels: {kubernetes.io/metadata.name: ci}
    matchExpressions: [{key: tenant.example.com/name, operator: In, values: [ci, ci-forks]}]
  delegation: {allowedActions: [Deny, Strip, Rewrite], maxFilters: 3, maxDomains: 0}
  resolution:
    upstreamName: corp
    zones: [{zone: corp.example, upstreamName: corp-dot}, {zone: example, upstreamName: other}]
    cacheScope: Tenant
    clientSubnet: Forward
  serviceVisibility: Tenant
  failureMode: Open
  queryLogging: Denied
  rateLimit: {scope: Tenant, queriesPerSecond: 50, burst: 200}
)";

}  // namespace

TEST_CASE("every field of a DNSTenant is decoded", "[crds][dns_tenant]") {
  CHECK(unused_fields(spec_schema("DNSTenant"), full) == std::set<std::string>{});
  const auto tenant = read_one<filters::Tenant>(full);
  using Op = filters::LabelSelector::Operator;
  CHECK(tenant.name == "ci-runners");
  CHECK(tenant.namespace_selector.requirements ==
        std::vector<filters::LabelSelector::Requirement>{
            {"kubernetes.io/metadata.name", Op::in, {"ci"}},
            {"tenant.example.com/name", Op::in, {"ci", "ci-forks"}}});
}

TEST_CASE("what the platform grants and limits is decoded", "[crds][dns_tenant]") {
  using namespace filters;
  const auto tenant = read_one<Tenant>(full);
  CHECK(tenant.delegation.allowed_actions ==
        std::vector{Action::deny, Action::strip, Action::rewrite});
  CHECK(tenant.delegation.max_filters == 3);
  CHECK(tenant.delegation.max_domains == 0);
  CHECK(tenant.resolution ==
        Resolution{.upstream_name = "corp",
                   .zones = {{*dns::Name::from_text("corp.example"), "corp-dot"},
                             {*dns::Name::from_text("example"), "other"}},
                   .cache_scope = CacheScope::tenant,
                   .client_subnet = ClientSubnet::forward});
  CHECK(tenant.service_visibility == ServiceVisibility::tenant);
  CHECK(tenant.failure_mode == FailureMode::open);
  CHECK(tenant.query_logging == QueryLogging::denied);
  CHECK(tenant.rate_limit == RateLimit{RateLimit::Scope::tenant, 50, 200});
}

TEST_CASE("defaults of a DNSTenant are those of the engine", "[crds][dns_tenant]") {
  const filters::Tenant untouched;
  const auto tenant = read_one<filters::Tenant>(
      "apiVersion: sluice.dev/v1alpha1\nkind: DNSTenant\nmetadata: {name: t}\n"
      "spec: {namespaceSelector: {matchLabels: {a: b}}}\n");
  CHECK(tenant.delegation.allowed_actions == untouched.delegation.allowed_actions);
  CHECK(tenant.delegation.max_filters == untouched.delegation.max_filters);
  CHECK(tenant.delegation.max_domains == untouched.delegation.max_domains);
  CHECK(tenant.resolution == untouched.resolution);
  CHECK(tenant.service_visibility == untouched.service_visibility);
  CHECK(tenant.failure_mode == untouched.failure_mode);
  CHECK(tenant.query_logging == untouched.query_logging);
  CHECK_FALSE(tenant.rate_limit);
}

}  // namespace sluice::crds
