// SPDX-License-Identifier: Apache-2.0
#include "proxy/tenant_registry.hpp"

#include <catch2/catch_test_macros.hpp>

#include "proxy/counters.hpp"

using namespace sluice::proxy;

namespace {

std::vector<std::string> current_names(const TenantRegistry& tenants) {
  std::vector<std::string> names;
  for (const auto& entry : tenants.current())
    names.push_back(entry.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a tenant keeps its number", "[proxy][metrics]") {
  TenantRegistry tenants(10);
  const auto red = tenants.assign("red");
  const auto blue = tenants.assign("blue");
  CHECK(red == 2);
  CHECK(blue == 3);
  CHECK(tenants.assign("red") == red);
  tenants.begin_generation();
  CHECK(tenants.assign("blue") == blue);
  CHECK(tenants.names() == Names{"_other", "_unknown", "red", "blue"});
}

TEST_CASE("the built-in tenants have fixed numbers and do not count against the cap",
          "[proxy][metrics]") {
  TenantRegistry tenants(1);
  CHECK(tenants.assign("_other") == other_tenant);
  CHECK(tenants.assign("_unknown") == unknown_tenant);
  CHECK(tenants.assign("red") == 2);
}

TEST_CASE("tenants beyond the cap are counted as the other one", "[proxy][metrics]") {
  TenantRegistry tenants(2);
  tenants.assign("a");
  tenants.assign("b");
  CHECK(tenants.capped() == 0);
  CHECK(tenants.assign("c") == other_tenant);
  CHECK(tenants.assign("d") == other_tenant);
  CHECK(tenants.capped() == 2);
  CHECK(tenants.assign("b") == 3);
  CHECK(current_names(tenants) == Names{"_other", "_unknown", "a", "b"});
}

TEST_CASE("no setting gets more tenants than a worker has counters for", "[proxy][metrics]") {
  TenantRegistry tenants(1'000'000);
  constexpr std::uint32_t capacity = decltype(WorkerCounters::tenants)::capacity;
  std::uint32_t largest = 0;
  for (std::uint32_t i = 0; i < capacity + 10; ++i)
    largest = std::max(largest, tenants.assign("tenant-" + std::to_string(i)));
  CHECK(largest == capacity - 2);  // the last one is shared with everything beyond it
  CHECK(tenants.capped() == 13);
}

TEST_CASE("tenants that a reload leaves behind are hidden and make room", "[proxy][metrics]") {
  TenantRegistry tenants(2);
  const auto a = tenants.assign("a");
  tenants.assign("b");
  tenants.begin_generation();
  tenants.assign("b");
  CHECK(current_names(tenants) == Names{"_other", "_unknown", "a", "b"});
  tenants.commit_generation();
  CHECK(current_names(tenants) == Names{"_other", "_unknown", "b"});
  CHECK(tenants.assign("c") == 4);

  SECTION("a number is not given to another, and whoever comes back gets the former one") {
    tenants.begin_generation();
    tenants.assign("c");
    tenants.commit_generation();
    CHECK(tenants.assign("a") == a);
    CHECK(current_names(tenants) == Names{"_other", "_unknown", "a", "c"});
  }
  SECTION("coming back needs room, too") {
    CHECK(tenants.assign("a") == other_tenant);
  }
}

TEST_CASE("a compilation that is given up hides nobody", "[proxy][metrics]") {
  TenantRegistry tenants(10);
  tenants.assign("a");
  tenants.begin_generation();
  tenants.begin_generation();
  tenants.assign("b");
  CHECK(current_names(tenants) == Names{"_other", "_unknown", "a", "b"});
}
