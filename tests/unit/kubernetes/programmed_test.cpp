// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/programmed.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

using namespace std::chrono_literals;

const TimePoint now{1h};

ObjectStatus accepted(const std::string& value = "True") {
  return {.generation = 2,
          .conditions = {{"Accepted", value, "Accepted", ""}, {"Ready", value, "Ready", ""}},
          .counts = {}};
}

Object saying(const boost::json::object& status) {
  Object object;
  object.text = boost::json::serialize(boost::json::object{{"status", status}});
  return object;
}

/// `Programmed/Ready`, each as status and reason, and the nodes.
std::string with(const NodeProgress& progress, const boost::json::object& current = {},
                 ObjectStatus status = accepted()) {
  add_progress(progress, saying(current), now, status);
  std::string text;
  for (const Condition& condition : status.conditions) {
    if (condition.type != "Accepted") text += condition.status + ' ' + condition.reason + ", ";
  }
  const auto* nodes = find_object(status.counts, "nodes");
  return text + (nodes == nullptr ? "-" : std::string(find_string(*nodes, "summary")));
}

boost::json::object programmed_before(std::int64_t generation) {
  ObjectStatus status = accepted();
  status.generation = generation;
  add_progress({.desired = 1, .updated = 1, .since = now}, saying({}), now, status);
  return parse_object(boost::json::serialize(*status_to_write({}, status, "2026-01-01T00:00:00Z")))
      .value();
}

}  // namespace

TEST_CASE("what nodes say becomes Programmed, and Ready follows it", "[kubernetes][rollout]") {
  struct Case {
    const char* what;
    NodeProgress progress;
    std::string result;
  };
  const Case cases[] = {
      {"no node reports", {}, "True Ready, -"},
      {"every node", {.desired = 3, .updated = 3}, "True Programmed, True Ready, 3/3"},
      {"just begun",
       {.desired = 3, .updated = 1, .since = now - 299s},
       "Unknown Pending, Unknown Pending, 1/3"},
      {"too long",
       {.desired = 3, .updated = 1, .since = now - 300s},
       "False NodesOutdated, False NodesOutdated, 1/3"},
      {"refused",
       {.desired = 3, .updated = 1, .failed = 1, .failed_nodes = {"a"}, .since = now},
       "False NodeErrors, False NodeErrors, 1/3"},
  };
  for (const Case& test : cases) {
    INFO(test.what);
    CHECK(with(test.progress) == test.result);
  }
}

TEST_CASE("of what is not accepted nothing is said of nodes", "[kubernetes][rollout]") {
  CHECK(with({.desired = 3, .updated = 3}, {}, accepted("False")) == "False Ready, -");
}

TEST_CASE("what every node had stays programmed while it is the same version",
          "[kubernetes][rollout]") {
  const NodeProgress late{.desired = 3, .updated = 2, .since = now};
  CHECK(with(late, programmed_before(2)) == "True Programmed, True Ready, 2/3");
  CHECK(with(late, programmed_before(1)) == "Unknown Pending, Unknown Pending, 2/3");
  CHECK(with({.desired = 3, .updated = 2, .failed = 1, .failed_nodes = {"a"}, .since = now},
             programmed_before(2)) == "False NodeErrors, False NodeErrors, 2/3");
}

TEST_CASE("how many nodes there are is no reason to write", "[kubernetes][rollout]") {
  const auto current = programmed_before(2);
  ObjectStatus status = accepted();
  add_progress({.desired = 9, .updated = 9, .since = now}, saying(current), now, status);
  CHECK_FALSE(status_to_write(current, status, "2026-01-02T00:00:00Z"));
  status.generation = 3;
  CHECK(
      find_string(*find_object(*status_to_write(current, status, "2026-01-02T00:00:00Z"), "nodes"),
                  "summary") == "9/9");
}

TEST_CASE("who refuses is named, up to three", "[kubernetes][rollout]") {
  ObjectStatus status = accepted();
  add_progress({.desired = 9, .failed = 4, .failed_nodes = {"a", "b", "c"}, .since = now},
               saying({}), now, status);
  CHECK(status.conditions[1].message ==
        "Not obeyed by a, b, c and others; the log of the agent there says why");
}

}  // namespace sluice::kubernetes
