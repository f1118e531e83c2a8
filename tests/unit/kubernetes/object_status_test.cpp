// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object_status.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

using namespace sluice;
using namespace sluice::kubernetes;

namespace {

constexpr const char* monday = "2026-01-05T00:00:00Z";
constexpr const char* tuesday = "2026-01-06T00:00:00Z";

ObjectStatus ready(std::int64_t generation) {
  return {
      .generation = generation,
      .conditions = {{"Accepted", "True", "Accepted", "fine"}, {"Ready", "True", "Ready", "fine"}},
      .counts = {{"entryCount", 2}}};
}

ObjectStatus wrong(std::int64_t generation) {
  return {.generation = generation,
          .conditions = {{"Accepted", "False", "Invalid", "no"},
                         {"Ready", "False", "Invalid", "no"},
                         {"Stalled", "True", "Invalid", "no"}},
          .counts = {}};
}

/// What the server has after it was written; through text, as numbers come from there.
boost::json::object stored(const ObjectStatus& status, const char* now) {
  return *parse_object(boost::json::serialize(*status_to_write({}, status, now)));
}

std::string time_of(const boost::json::object& status, std::size_t condition) {
  return std::string(status.at("conditions").at(condition).at("lastTransitionTime").as_string());
}

}  // namespace

TEST_CASE("a status is written once", "[kubernetes][status]") {
  const auto current = stored(ready(1), monday);
  CHECK(current.at("observedGeneration") == 1);
  CHECK(current.at("conditions").at(1).at("observedGeneration") == 1);
  CHECK_FALSE(status_to_write(current, ready(1), tuesday));
  CHECK(status_to_write(current, ready(2), tuesday));
}

TEST_CASE("statuses are the same if the same is written of them", "[kubernetes][status]") {
  CHECK(is_same(ready(1), ready(1)));
  CHECK_FALSE(is_same(ready(1), ready(2)));
  CHECK_FALSE(is_same(ready(1), wrong(1)));
  auto other = ready(1);
  other.counts["nodes"] = {{"desired", 3}};
  CHECK(is_same(ready(1), other));
  other.counts["entryCount"] = 3;
  CHECK_FALSE(is_same(ready(1), other));
}

TEST_CASE("times change with the status of a condition only", "[kubernetes][status]") {
  const auto current = stored(ready(1), monday);
  CHECK(time_of(*status_to_write(current, ready(2), tuesday), 0) == monday);
  const auto broken = *status_to_write(current, wrong(2), tuesday);
  CHECK(time_of(broken, 0) == tuesday);
  auto reworded = wrong(2);
  reworded.conditions[0].message = "no, because";
  CHECK(time_of(*status_to_write(broken, reworded, "2026-01-07T00:00:00Z"), 0) == tuesday);
}

TEST_CASE("what holds no more is taken away, what others write is not", "[kubernetes][status]") {
  auto current = stored(wrong(1), monday);
  CHECK(status_to_write(current, ready(1), tuesday));
  auto only_stalled_is_left = wrong(1);
  only_stalled_is_left.conditions.pop_back();
  CHECK(status_to_write(current, only_stalled_is_left, tuesday));
  current["entryCount"] = 7;
  CHECK(status_to_write(current, wrong(1), tuesday));
  current.erase("entryCount");
  current["nodes"] = {{"updated", 3}};
  current["conditions"].get_array().push_back({{"type", "Measured"}, {"status", "True"}});
  CHECK_FALSE(status_to_write(current, wrong(1), tuesday));
}

TEST_CASE("what the server fills in first is replaced", "[kubernetes][status]") {
  const auto pending = *parse_object(R"({"conditions": [{"type": "Ready", "status": "Unknown",
      "reason": "Pending", "message": "", "lastTransitionTime": "1970-01-01T00:00:00Z"}]})");
  const auto status = status_to_write(pending, ready(1), monday);
  REQUIRE(status);
  CHECK(time_of(*status, 1) == monday);
}

TEST_CASE("a status is applied to the object and to nothing else of it", "[kubernetes][status]") {
  const crds::ObjectKey key{"DNSFilter", "shop", "web"};
  CHECK(status_target(key) ==
        "/apis/sluice.dev/v1alpha1/namespaces/shop/dnsfilters/web/status"
        "?fieldManager=sluice-controller&force=true");
  CHECK(status_patch(key, {{"observedGeneration", 1}}) ==
        R"({"apiVersion":"sluice.dev/v1alpha1","kind":"DNSFilter","metadata":{"name":"web",)"
        R"("namespace":"shop"},"status":{"observedGeneration":1}})");
}
