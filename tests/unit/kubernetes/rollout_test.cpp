// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/rollout.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/kubernetes/policy_changes.hpp"

namespace sluice::kubernetes {
namespace {

using namespace std::chrono_literals;
using tests::added;
using tests::deleted;
using tests::filter_type;
using tests::updated;
using tests::upstream_type;

/// A controller, and nodes that each have a copy of their own.
struct World {
  struct Node {
    Revisions revisions;
    std::set<std::string> refused;
  };

  void policies(const Changes& changes, const ObjectType& type = filter_type) {
    rollout.take_policies(type, changes, now);
  }
  void sees(const std::string& node, const Changes& changes, const ObjectType& type = filter_type) {
    apply(type, changes, nodes[node].revisions);
  }
  /// Whether that is news.
  bool says(const std::string& node) {
    const auto kind = known.insert(node).second ? ChangeKind::added : ChangeKind::updated;
    const NodeReport report{.in_force = nodes[node].revisions, .refused = nodes[node].refused};
    return rollout.take_reports({{kind, tests::lease(node, report, wall), nullptr}}, now, wall);
  }
  bool reports(const std::string& node, const Changes& changes,
               const ObjectType& type = filter_type) {
    sees(node, changes, type);
    return says(node);
  }
  void wait(std::chrono::seconds duration) {
    now += duration;
    wall += duration;
  }
  /// `updated/desired`, and failed ones behind a minus.
  [[nodiscard]] std::string progress(const std::string& filter,
                                     const std::string& kind = "DNSFilter") const {
    const auto is = rollout.count().of({kind, "shop", filter});
    return std::to_string(is.updated) + '/' + std::to_string(is.desired) +
           (is.failed == 0 ? "" : '-' + std::to_string(is.failed));
  }

  Rollout rollout;
  std::map<std::string, Node> nodes;
  std::set<std::string> known;
  TimePoint now{1h};
  std::chrono::system_clock::time_point wall =
      std::chrono::system_clock::from_time_t(1'800'000'000);
};

}  // namespace

TEST_CASE("a version is on the nodes that have seen it", "[kubernetes][rollout]") {
  World world;
  const Changes first{added("web", 1), added("api", 1)};
  world.policies(first);
  CHECK(world.progress("web") == "0/0");
  CHECK(world.reports("a", first));
  CHECK(world.reports("b", first));
  CHECK(world.progress("web") == "2/2");

  const Changes edit{updated("web", 1, 2)};
  world.policies(edit);
  CHECK(world.progress("web") == "0/2");
  CHECK(world.progress("api") == "2/2");
  world.reports("a", edit);
  CHECK(world.progress("web") == "1/2");
  CHECK(world.rollout.count().outdated() == 1);
  world.reports("b", edit);
  CHECK(world.progress("web") == "2/2");
  CHECK(world.rollout.count().outdated() == 0);
}

TEST_CASE("a node that is some changes behind has those before", "[kubernetes][rollout]") {
  World world;
  const Changes changes{added("a", 1), added("b", 1), updated("a", 1, 2), added("c", 1)};
  world.policies(changes);
  const Changes until_now(changes.begin(), changes.begin() + 3);
  world.reports("node", until_now);
  CHECK(world.progress("a") == "1/1");
  CHECK(world.progress("b") == "1/1");
  CHECK(world.progress("c") == "0/1");
}

TEST_CASE("kinds are watched apart, and come apart", "[kubernetes][rollout]") {
  World world;
  world.policies({added("web", 1)});
  world.policies({added("corp", 1)}, upstream_type);
  world.reports("node", {added("corp", 1)}, upstream_type);
  CHECK(world.progress("corp", "DNSUpstream") == "1/1");
  CHECK(world.progress("web") == "0/1");
}

TEST_CASE("a node that is ahead counts as soon as the controller is there too",
          "[kubernetes][rollout]") {
  World world;
  world.policies({added("web", 1)});
  world.reports("node", {added("web", 1)});
  world.reports("node", {updated("web", 1, 2)});
  CHECK(world.progress("web") == "0/1");  // it may be anything
  world.policies({updated("web", 1, 2)});
  CHECK(world.progress("web") == "1/1");
}

TEST_CASE("what was deleted and made again is another object", "[kubernetes][rollout]") {
  World world;
  world.policies({added("web", 1), added("api", 1)});
  world.reports("node", {added("web", 1), added("api", 1)});
  world.policies({deleted("web", 1, 1)});
  CHECK(world.progress("web") == "0/1");
  world.reports("node", {deleted("web", 1, 1)});
  CHECK(world.rollout.count().outdated() == 0);
  CHECK(world.progress("api") == "1/1");
}

TEST_CASE("a node that refuses a version has it and does not serve it", "[kubernetes][rollout]") {
  World world;
  const Changes first{added("web", 1)};
  world.policies(first);
  for (const char* node : {"a", "b", "c", "d", "e"}) {
    if (node[0] != 'e') world.nodes[node].refused = {"DNSFilter shop/web", "Thing x"};
    world.reports(node, first);
  }
  CHECK(world.progress("web") == "1/5-4");
  CHECK(world.rollout.count().of({"DNSFilter", "shop", "web"}).failed_nodes ==
        std::vector<std::string>{"a", "b", "c"});
  // Of a version that it has not seen nobody knows.
  world.policies({updated("web", 1, 2)});
  CHECK(world.progress("web") == "0/5");
}

TEST_CASE("a node that says nothing for five minutes counts no more", "[kubernetes][rollout]") {
  World world;
  world.policies({added("web", 1)});
  world.reports("a", {added("web", 1)});
  world.reports("b", {added("web", 1)});
  world.wait(200s);
  CHECK_FALSE(world.says("a"));  // it is there; that is no news
  world.wait(100s);
  CHECK(world.rollout.expire(world.now));
  CHECK(world.progress("web") == "1/1");
  CHECK_FALSE(world.rollout.expire(world.now));
  CHECK(world.says("b"));
  CHECK(world.progress("web") == "2/2");
}

TEST_CASE("a Lease that was old when the controller came counts for what is left of it",
          "[kubernetes][rollout]") {
  World world;
  world.policies({});
  const auto take = [&](const std::string& node, std::chrono::seconds age) {
    return world.rollout.take_reports(
        {{ChangeKind::added, tests::lease(node, {}, world.wall - age), nullptr}}, world.now,
        world.wall);
  };
  CHECK_FALSE(take("gone", 1h));
  CHECK(take("late", 299s));
  CHECK(take("clock ahead", -1h));
  CHECK(world.rollout.count().nodes() == 2);
  world.wait(2s);
  CHECK(world.rollout.expire(world.now));
  CHECK(world.rollout.count().nodes() == 1);
}

TEST_CASE("a Lease that is deleted takes its node along", "[kubernetes][rollout]") {
  World world;
  world.says("a");
  const auto lease = tests::lease("a", {}, world.wall);
  CHECK(world.rollout.take_reports({{ChangeKind::deleted, lease, lease}}, world.now, world.wall));
  CHECK(world.rollout.count().nodes() == 0);
}

TEST_CASE("the history of states has an end", "[kubernetes][rollout]") {
  World world;
  const Changes first{added("web", 1)};
  world.policies(first);
  world.reports("late", first);
  world.reports("prompt", first);
  const int edits = static_cast<int>(Rollout::max_states) + 10;
  for (int i = 1; i <= edits; ++i) {
    const Changes edit{updated("web", i, i + 1)};
    world.policies(edit);
    world.sees("prompt", edit);
  }
  world.says("prompt");
  CHECK(world.progress("web") == "1/2");
  CHECK(world.rollout.count().outdated() == 1);
}

}  // namespace sluice::kubernetes
