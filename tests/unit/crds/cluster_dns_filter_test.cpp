// SPDX-License-Identifier: Apache-2.0
#include "crds/cluster_dns_filter.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {
namespace {

using namespace filters;

const std::string head =
    "apiVersion: sluice.dev/v1alpha1\nkind: ClusterDNSFilter\nmetadata: {name: c}\n";

/// Every field but those of rules, which are the ones of DNSFilters.
const std::string full = head + R"(spec:
  tier: Baseline
  priority: 1000
  enforcementMode: Audit
  logging: None
  subject:
    tenantNames: [school, shop-prod]
    namespaceSelector:
      matchLabels: {stage: prod}
      matchExpressions: [{key: legacy, operator: DoesNotExist}]
    podSelector:
      matchLabels: {app: web}
      matchExpressions: [{key: tier, operator: In, values: [front]}]
  rules:
  - {name: r, action: Pass, domains: [a.example]}
)";

}  // namespace

TEST_CASE("the object of all fields uses all fields but those of rules",
          "[crds][cluster_dns_filter]") {
  for (const std::string& field : unused_fields(spec_schema("ClusterDNSFilter"), full)) {
    INFO(field);
    CHECK((field.starts_with("spec.rules.") || field.ends_with("Expressions.values")));
  }
}

TEST_CASE("every field of a ClusterDNSFilter is decoded", "[crds][cluster_dns_filter]") {
  const auto filter = read_one<Filter>(full);
  using Op = LabelSelector::Operator;
  CHECK(filter.tier == Tier::baseline);
  CHECK(filter.namespace_name.empty());
  CHECK(filter.name == "c");
  CHECK(filter.priority == 1000);
  CHECK(filter.mode == EnforcementMode::audit);
  CHECK(filter.logging == QueryLogging::none);
  CHECK(filter.subject.tenant_names == std::vector<std::string>{"school", "shop-prod"});
  REQUIRE(filter.subject.namespace_selector);
  CHECK(filter.subject.namespace_selector->requirements ==
        std::vector<LabelSelector::Requirement>{{"stage", Op::in, {"prod"}},
                                                {"legacy", Op::does_not_exist, {}}});
  REQUIRE(filter.subject.pod_selector);
  CHECK(filter.subject.pod_selector->requirements.size() == 2);
  REQUIRE(filter.rules.size() == 1);
  CHECK(filter.rules[0].action == Action::pass);
}

TEST_CASE("without a subject everybody is meant", "[crds][cluster_dns_filter]") {
  const auto filter = read_one<Filter>(
      head + "spec: {tier: Admin, rules: [{name: r, action: Deny, queryTypes: [ANY]}]}\n");
  CHECK(filter.tier == Tier::admin);
  CHECK(filter.priority == Filter().priority);
  CHECK(filter.subject.tenant_names.empty());
  CHECK_FALSE(filter.subject.namespace_selector);
  CHECK_FALSE(filter.subject.pod_selector);
}

TEST_CASE("rules of the platform refer to lists of the platform", "[crds][cluster_dns_filter]") {
  const auto filter = read_one<Filter>(
      head +
      "spec: {tier: Admin, rules: [{name: r, action: Deny, domainListRefs: [{name: malware}]}]}\n");
  CHECK(filter.rules.at(0).lists == std::vector<ListKey>{{"", "malware"}});
}

TEST_CASE("an empty selector of a subject is not a missing one", "[crds][cluster_dns_filter]") {
  const auto filter = read_one<Filter>(
      head +
      "spec: {tier: Admin, subject: {namespaceSelector: {}}, rules: [{name: r, action: Deny, "
      "queryTypes: [ANY]}]}\n");
  REQUIRE(filter.subject.namespace_selector);
  CHECK(filter.subject.namespace_selector->empty());
}

}  // namespace sluice::crds
