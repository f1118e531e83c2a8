// SPDX-License-Identifier: Apache-2.0
#include "filters/tenancy.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice::filters;

TEST_CASE("a namespace that no DNSTenant selects is its own tenant", "[filters][tenancy]") {
  const Tenancy tenancy({{"payments", has_label("team", "pay")}}, {{"shop", {{"team", "web"}}}});
  CHECK(tenancy.identify("shop").tenant == "shop");
  CHECK(tenancy.identify("unheard-of").tenant == "unheard-of");
}

TEST_CASE("of several DNSTenants the alphabetically first has the namespace",
          "[filters][tenancy]") {
  const auto selector = has_label("team", "pay");
  const Tenancy tenancy({{"zebra", selector}, {"ant", selector}, {"aardvark", has_label("x", "y")}},
                        {{"pay-prod", {{"team", "pay"}}}});
  CHECK(tenancy.identify("pay-prod").tenant == "ant");
}

TEST_CASE("the name label is always there, whatever an object says", "[filters][tenancy]") {
  const Tenancy tenancy({{"erp", has_label("kubernetes.io/metadata.name", "legacy-erp")}},
                        {{"shop", {{"kubernetes.io/metadata.name", "legacy-erp"}}}});
  CHECK(tenancy.identify("legacy-erp").tenant == "erp");
  CHECK(tenancy.identify("shop").tenant == "shop");
  CHECK(tenancy.identify("legacy-erp").labels ==
        Labels{{"kubernetes.io/metadata.name", "legacy-erp"}});
}
