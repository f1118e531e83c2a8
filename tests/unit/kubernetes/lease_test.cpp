// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/lease.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

using namespace sluice::kubernetes;
using namespace std::chrono_literals;

TEST_CASE("a lease is read as it was written", "[kubernetes][election]") {
  const Lease lease{.holder = "us",
                    .duration = 15s,
                    .acquired = "2026-01-01T00:00:00.000000Z",
                    .renewed = "2026-01-01T00:00:02.000000Z",
                    .transitions = 3,
                    .resource_version = "7"};
  const auto read = read_lease(*parse_object(lease_body({"system", "controller"}, lease)));
  REQUIRE(read);
  CHECK(read->holder == "us");
  CHECK(read->duration == 15s);
  CHECK(read->acquired == lease.acquired);
  CHECK(read->renewed == lease.renewed);
  CHECK(read->transitions == 3);
  CHECK(read->resource_version == "7");
  CHECK(lease_target({"system", "controller"}) ==
        "/apis/coordination.k8s.io/v1/namespaces/system/leases/controller");
}

TEST_CASE("what is no lease, and one that is empty", "[kubernetes][election]") {
  CHECK_FALSE(read_lease(*parse_object("{}")));
  CHECK_FALSE(read_lease(*parse_object(R"({"metadata": {"name": "l"}})")));
  const auto empty = read_lease(*parse_object(R"({"metadata": {"resourceVersion": "1"}})"));
  REQUIRE(empty);
  CHECK(empty->holder.empty());
}

TEST_CASE("micro-times have six digits", "[kubernetes][election]") {
  const std::chrono::system_clock::time_point time{1'767'225'600s + 5ms};
  CHECK(micro_time(time) == "2026-01-01T00:00:00.005000Z");
  CHECK(whole_time(time) == "2026-01-01T00:00:00Z");
}
