// SPDX-License-Identifier: Apache-2.0
#include "crds/namespace.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {

TEST_CASE("a Namespace is its name and labels, all else is Kubernetes' own", "[crds][namespace]") {
  const auto name_space = read_one<filters::Namespace>(R"(apiVersion: v1
kind: Namespace
metadata:
  name: shop-prod
  uid: "1"
  labels: {tenant.example.com/name: shop, empty: ""}
spec: {finalizers: [kubernetes]}
status: {phase: Active}
)");
  CHECK(name_space.name == "shop-prod");
  CHECK(name_space.labels == filters::Labels{{"empty", ""}, {"tenant.example.com/name", "shop"}});
}

TEST_CASE("a Namespace without labels has none", "[crds][namespace]") {
  const auto name_space = read_one<filters::Namespace>(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: }\n");
  CHECK(name_space.labels.empty());
}

}  // namespace sluice::crds
