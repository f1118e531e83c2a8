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
)";

}  // namespace

TEST_CASE("every field of a DNSTenant is decoded", "[crds][dns_tenant]") {
  CHECK(unused_fields(dns_tenant_schema(), full) == std::set<std::string>{});
  const auto tenant = read_one<filters::Tenant>(full);
  using Op = filters::LabelSelector::Operator;
  CHECK(tenant.name == "ci-runners");
  CHECK(tenant.namespace_selector.requirements ==
        std::vector<filters::LabelSelector::Requirement>{
            {"kubernetes.io/metadata.name", Op::in, {"ci"}},
            {"tenant.example.com/name", Op::in, {"ci", "ci-forks"}}});
}

}  // namespace sluice::crds
