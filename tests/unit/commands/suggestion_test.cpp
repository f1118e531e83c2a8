// SPDX-License-Identifier: Apache-2.0
#include "commands/suggestion.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "commands/policy_judge.hpp"
#include "tests/unit/commands/recorded.hpp"

namespace sluice::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using filters::Action;
using filters::EnforcementMode;

struct World {
  recordings::Tally tally;
  config::Diagnostics diagnostics;
  std::optional<Identities> identities = Identities::load("", diagnostics);
  SuggestionOptions options{.namespace_name = "shop"};

  void ask(const std::string& name, int times = 1) {
    for (int i = 0; i < times; ++i)
      tally.add(recorded("shop", name));
  }
  [[nodiscard]] Suggestion suggest() const { return make_suggestion(tally, *identities, options); }
  [[nodiscard]] std::string manifest() const { return to_manifest(suggest(), options).value(); }
  /// By the suggested filter.
  [[nodiscard]] Judgement judge(const std::string& name) const {
    PolicyJudge judge(policies(manifest()), {.cluster_zones = identities->cluster_zones()});
    return PolicyJudge::judge(judge.resolve({"shop", {}}), dns::Name::from_text(name).value(),
                              dns::Type::a);
  }
};

}  // namespace

TEST_CASE("a suggestion leaves out what needs no rule, and says so", "[commands][suggest]") {
  World world;
  world.options.min_count = 2;
  world.ask("www.shop.example", 3);
  world.ask("rare.example");
  world.ask("orders.shop.svc.cluster.local", 4);
  world.ask("odd\\032name.example", 2);
  world.tally.add(denied("shop", "tracker.example", "r"));
  world.tally.add(recorded("payments", "bank.example"));
  const auto suggestion = world.suggest();
  CHECK(suggestion.queries == 11);
  CHECK(suggestion.left_out.cluster == 4);
  CHECK(suggestion.left_out.rare == 1);
  CHECK(suggestion.left_out.odd == 2);
  CHECK(suggestion.left_out.missing == 1);
  REQUIRE(suggestion.groups.size() == 1);
  CHECK(suggestion.groups[0].names == std::set<std::string>{"www.shop.example"});
}

TEST_CASE("an enforced suggestion allows what was asked and denies the rest",
          "[commands][suggest]") {
  World world;
  world.options.mode = EnforcementMode::enforce;
  for (const char* name : {"a.psp.example", "b.psp.example", "c.psp.example", "www.shop.example"})
    world.ask(name);
  CHECK(world.judge("new.psp.example").decision.action == Action::allow);
  CHECK(world.judge("www.shop.example").decision.action == Action::allow);
  CHECK(world.judge("other.shop.example").decision.action == Action::deny);
  CHECK(world.judge("web.shop.svc.cluster.local").decision.action == Action::allow);
}

TEST_CASE("a suggestion on trial denies nothing and tells what it would", "[commands][suggest]") {
  World world;
  world.ask("www.shop.example");
  CHECK(world.judge("other.example").decision.action == Action::allow);
  CHECK(world.judge("other.example").on_trial.size() == 1);
  CHECK(world.judge("www.shop.example").on_trial.empty());
  CHECK(world.judge("web.shop.svc.cluster.local").on_trial.empty());
}

TEST_CASE("rules of hundreds of domains fit into a filter", "[commands][suggest]") {
  World world;
  for (int i = 0; i < 1000; ++i)
    world.ask("n" + std::to_string(i) + ".example");
  CHECK(policies(world.manifest()).filters[0].rules.size() == 6);  // 4 of 256, and the trial's 2
  CHECK(world.judge("n999.example").on_trial.empty());
}

TEST_CASE("more than a filter can hold is no suggestion", "[commands][suggest]") {
  Suggestion suggestion;
  for (int i = 0; i < 62 * 256 + 1; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example";
    suggestion.groups.push_back({.domain = name, .names = {name}, .queries = 1});
  }
  CHECK_FALSE(to_manifest(suggestion, {.namespace_name = "shop"}));
  suggestion.groups.pop_back();
  CHECK(to_manifest(suggestion, {.namespace_name = "shop"}));
}

TEST_CASE("rules of domains that look alike have different names", "[commands][suggest]") {
  World world;
  const std::string long_label(60, 'a');
  for (const auto& name :
       {std::string("a-b.example"), std::string("a.b-example"), long_label + ".example",
        long_label + "x.example", std::string("everything-else"), std::string("_.example")})
    world.ask(name);
  const auto filter = policies(world.manifest()).filters[0];
  CHECK(filter.rules.size() == 8);
  CHECK_THAT(world.manifest(), ContainsSubstring("name: a-b-example\n"));
  CHECK_THAT(world.manifest(), ContainsSubstring("name: a-b-example-2\n"));
  CHECK_THAT(world.manifest(), ContainsSubstring("name: everything-else-2\n"));
}

}  // namespace sluice::commands
