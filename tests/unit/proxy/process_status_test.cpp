// SPDX-License-Identifier: Apache-2.0
#include "proxy/process_status.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;

TEST_CASE("a failed reload leaves the policy in force", "[proxy][metrics]") {
  ProcessStatus status("1.2.3");
  CHECK_FALSE(status.values().policy);
  status.policy_loaded({1, 12, 0, SystemTime{}});
  status.policy_failed();
  const auto values = status.values();
  REQUIRE(values.policy);
  CHECK(values.policy->generation == 1);
  CHECK(values.policy->objects == 12);
  CHECK(values.reloads_succeeded == 1);
  CHECK(values.reloads_failed == 1);
  CHECK(values.version == "1.2.3");
}

TEST_CASE("a reload that refused an object takes effect but is no success", "[proxy][metrics]") {
  ProcessStatus status("1.2.3");
  status.policy_loaded({1, 12, 0, SystemTime{}});
  status.policy_loaded({2, 11, 1, SystemTime{}});
  const auto values = status.values();
  REQUIRE(values.policy);
  CHECK(values.policy->generation == 2);
  CHECK(values.policy->invalid_objects == 1);
  CHECK(values.reloads_succeeded == 1);
  CHECK(values.reloads_failed == 1);
}

TEST_CASE("lists are known until they are removed", "[proxy][metrics]") {
  ProcessStatus status("1.2.3");
  ListState state;
  state.entries = 3;
  status.list_changed("ads", state);
  status.list_changed("shop/ads", {});
  CHECK(status.values().lists.at("ads").entries == 3);
  status.list_removed("ads");
  CHECK(status.values().lists.size() == 1);
}
