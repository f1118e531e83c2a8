// SPDX-License-Identifier: Apache-2.0
#include "commands/replay_comparison.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/commands/recorded.hpp"

namespace sluice::commands {
namespace {

const std::string deny_a = "{rules: [{name: r, action: Deny, domains: [a.example]}]}";
const std::string allow_all = "{rules: [{name: r, action: Deny, domains: [never.example]}]}";

struct World {
  recordings::Tally tally;
  config::Diagnostics diagnostics;
  std::optional<Identities> identities = Identities::load("", diagnostics);

  void ask(const recordings::RecordedQuery& query, int times = 1) {
    for (int i = 0; i < times; ++i)
      tally.add(query);
  }
  Comparison run(const std::string& spec) {
    PolicyJudge judge(policies(shop_filter(spec)), {});
    return compare(tally, *identities, judge, nullptr);
  }
  Comparison run(const std::string& spec, const std::string& baseline_spec) {
    PolicyJudge judge(policies(shop_filter(spec)), {});
    PolicyJudge baseline(policies(shop_filter(baseline_spec)), {});
    return compare(tally, *identities, judge, &baseline);
  }
};

/// "tenant|change|rule queries/questions", a line each.
std::vector<std::string> lines(const Comparison& comparison) {
  std::vector<std::string> result;
  for (const auto& [key, change] : comparison.changes) {
    result.push_back(key.tenant + '|' + to_text(key.kind) + '|' + key.rule + ' ' +
                     std::to_string(change.queries) + '/' +
                     std::to_string(change.questions.size()));
  }
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what policies deny and nobody denied before is newly denied", "[commands][replay]") {
  World world;
  world.ask(recorded("shop", "a.example"), 3);
  world.ask(recorded("shop", "b.example"), 4);
  const auto comparison = world.run(deny_a);
  CHECK(lines(comparison) == Lines{"shop|newly denied|DNSFilter shop/f rule r 3/1"});
  CHECK(comparison.judged == 7);
  CHECK(comparison.changed() == 3);
}

TEST_CASE("what was denied and is not any more names the rule that did", "[commands][replay]") {
  World world;
  world.ask(denied("shop", "a.example", "old"), 2);
  CHECK(lines(world.run(deny_a)).empty());
  CHECK(lines(world.run(allow_all)) == Lines{"shop|newly allowed|no longer old 2/1"});
}

TEST_CASE("a baseline takes the place of what was recorded", "[commands][replay]") {
  World world;
  world.ask(denied("shop", "a.example", "ignored"));
  CHECK(lines(world.run(deny_a, deny_a)).empty());
  CHECK(lines(world.run(deny_a, allow_all)) ==
        Lines{"shop|newly denied|DNSFilter shop/f rule r 1/1"});
  CHECK(lines(world.run(allow_all, deny_a)) ==
        Lines{"shop|newly allowed|no longer DNSFilter shop/f rule r 1/1"});
}

TEST_CASE("a filter on trial is told and changes nothing", "[commands][replay]") {
  World world;
  world.ask(recorded("shop", "a.example"), 2);
  const auto comparison =
      world.run("{enforcementMode: Audit, rules: [{name: r, action: Deny, domains: [a.example]}]}");
  CHECK(lines(comparison) == Lines{"shop|on trial|DNSFilter shop/f rule r 2/1"});
  CHECK(comparison.changed() == 0);
}

TEST_CASE("other tenants are not touched, clients without identity left out",
          "[commands][replay]") {
  World world;
  world.ask(recorded("payments", "a.example"), 5);
  world.ask(recorded("", "a.example"), 2);
  const auto comparison = world.run(deny_a);
  CHECK(comparison.changes.empty());
  CHECK(comparison.judged == 5);
  CHECK(comparison.unknown == 2);
}

}  // namespace sluice::commands
