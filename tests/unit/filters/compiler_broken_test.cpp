// SPDX-License-Identifier: Apache-2.0
// Filters that cannot be obeyed, rules out of hours, and what the compiler tells of namespaces.
#include <catch2/catch_test_macros.hpp>

#include "filters/compiler.hpp"
#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;
using namespace std::chrono_literals;

namespace {

Filter broken(Tier tier, std::string name) {
  auto filter = make_filter(tier, std::move(name), {});
  filter.is_broken = true;
  return filter;
}

/// Namespace `shop` belongs to tenant `pay`, and `lone` to nobody.
PolicySet make_policies(std::vector<Filter> filters, FailureMode mode = FailureMode::closed) {
  PolicySet policies;
  Tenant tenant{"pay", has_label("team", "pay")};
  tenant.failure_mode = mode;
  policies.tenants = {tenant};
  policies.namespaces = {{"shop", {{"team", "pay"}}}};
  policies.filters = Shared<Filter>(std::move(filters));
  return policies;
}

CompilerOptions make_options(WallTime now = {}) {
  return {{make_name("cluster.local")}, hash_seed, now, {}};
}

Verdict judge(const Compiler::Resolved& resolved, std::string_view name = "a.example") {
  DecisionTrail trail;
  return resolved.chain->judge(make_name(name), dns::Type::a, trail);
}

/// Monday 1 June 2026, at a time of the day.
WallTime on_monday(std::chrono::minutes of_day) {
  return std::chrono::sys_days(std::chrono::year(2026) / std::chrono::June / 1) + of_day;
}

Rule scheduled(std::string name, Action action, Schedule schedule) {
  auto rule = make_rule(std::move(name), action);
  rule.schedule = std::move(schedule);
  return rule;
}

const Schedule office{"UTC", 0b1111111, 9h, 17h};
const Schedule night{"UTC", 0b1111111, 22h, 6h};

}  // namespace

TEST_CASE("a broken filter denies what no rule decides, or is not there, as the tenant wants",
          "[filters][compiler]") {
  struct Case {
    Tier tier;
    std::string decider;
    dns::Ede ede;
  };
  const Case cases[] = {{Tier::admin, "f/failureMode", dns::Ede::blocked},
                        {Tier::tenant, "shop/f/failureMode", dns::Ede::filtered},
                        {Tier::baseline, "f/failureMode", dns::Ede::blocked}};
  for (const auto& [tier, expected, ede] : cases) {
    CAPTURE(expected, static_cast<int>(tier));
    const std::vector filters{
        broken(tier, "f"),
        make_filter(Tier::tenant, "own", {make_rule("ok", Action::allow, {"ok.example"})})};
    SlotLog slots;
    Compiler closed(make_policies(filters), make_options(), slots);
    const auto shop = closed.resolve({"shop", {}});
    const auto verdict = judge(shop);
    CHECK(verdict.action == Action::deny);
    REQUIRE(decider(verdict) == expected);
    CHECK(verdict.rule->ede == ede);
    CHECK(verdict.by_default());
    CHECK(decider(judge(shop, "ok.example")) == "shop/own/ok");
    CHECK(judge(shop, "web.shop.svc.cluster.local").action == Action::allow);

    Compiler open(make_policies(filters, FailureMode::open), make_options(), slots);
    CHECK(decider(judge(open.resolve({"shop", {}}))).empty());
    CHECK(decider(judge(open.resolve({"shop", {}}), "ok.example")) == "shop/own/ok");
  }
}

TEST_CASE("a broken filter concerns the pods that it selects", "[filters][compiler]") {
  auto own = broken(Tier::tenant, "own");
  own.pod_selector = has_label("app", "web");
  auto cluster = broken(Tier::admin, "cluster");
  cluster.subject = {{"pay"}, {}, has_label("app", "db")};
  SlotLog slots;
  Compiler compiler(make_policies({own, cluster}), make_options(), slots);
  struct Case {
    Workload workload;
    std::string decider;
  };
  const Case cases[] = {{{"shop", {{"app", "web"}}}, "shop/own/failureMode"},
                        {{"shop", {{"app", "db"}}}, "cluster/failureMode"},
                        {{"shop", {}}, ""},
                        {{"lone", {{"app", "web"}}}, ""},
                        {{"lone", {{"app", "db"}}}, ""}};
  for (const auto& [workload, expected] : cases) {
    CAPTURE(workload.namespace_name, expected);
    CHECK(decider(judge(compiler.resolve(workload))) == expected);
  }
}

TEST_CASE("a namespace without a tenant fails closed", "[filters][compiler]") {
  SlotLog slots;
  Compiler compiler(make_policies({broken(Tier::baseline, "base")}, FailureMode::open),
                    make_options(), slots);
  CHECK(decider(judge(compiler.resolve({"lone", {}}))) == "base/failureMode");
  CHECK(decider(judge(compiler.resolve({"shop", {}}))).empty());
}

TEST_CASE("a broken filter on trial still fails closed", "[filters][compiler]") {
  auto filter = broken(Tier::tenant, "f");
  filter.mode = EnforcementMode::audit;
  SlotLog slots;
  Compiler compiler(make_policies({filter}), make_options(), slots);
  CHECK(judge(compiler.resolve({"shop", {}})).action == Action::deny);
}

TEST_CASE("default actions and broken filters are asked in the order of tiers and names",
          "[filters][compiler]") {
  auto allows = make_filter(Tier::tenant, "own", {});
  allows.default_action = DefaultAction::allow;
  struct Case {
    Filter broken;
    std::string decider;
  };
  const Case cases[] = {{broken(Tier::admin, "x"), "x/failureMode"},
                        {broken(Tier::tenant, "a"), "shop/a/failureMode"},
                        {broken(Tier::tenant, "x"), "shop/own/defaultAction"},
                        {broken(Tier::baseline, "a"), "shop/own/defaultAction"}};
  for (const auto& [filter, expected] : cases) {
    CAPTURE(expected);
    SlotLog slots;
    Compiler compiler(make_policies({allows, filter}), make_options(), slots);
    CHECK(decider(judge(compiler.resolve({"shop", {}}))) == expected);
  }
}

TEST_CASE("a filter whose list is not there is broken, rules without lists included",
          "[filters][compiler]") {
  const auto rule = with_lists(make_rule("listed", Action::deny, {"x.example"}), {"there"});
  auto lacking = rule;
  lacking.lists = {{"", "there"}, {"shop", "there"}};
  for (const bool lacks : {false, true}) {
    CAPTURE(lacks);
    SlotLog slots;
    auto options = make_options();
    options.lists = {{{"", "there"}, make_list({{"listed.example"}})}};
    Compiler compiler(make_policies({make_filter(Tier::tenant, "f",
                                                 {make_rule("ok", Action::allow, {"ok.example"}),
                                                  lacks ? lacking : rule})}),
                      options, slots);
    const auto shop = compiler.resolve({"shop", {}});
    CHECK(decider(judge(shop, "ok.example")) == (lacks ? "shop/f/failureMode" : "shop/f/ok"));
    CHECK(decider(judge(shop, "listed.example")) ==
          (lacks ? "shop/f/failureMode" : "shop/f/listed"));
    CHECK(decider(judge(shop, "other.example")) == (lacks ? "shop/f/failureMode" : ""));
  }
}

TEST_CASE("unknown clients fail closed by filters that are about everybody",
          "[filters][compiler]") {
  auto narrow = broken(Tier::admin, "narrow");
  narrow.subject.tenant_names = {"pay"};
  const auto own = broken(Tier::tenant, "own");
  const auto allow =
      make_filter(Tier::admin, "sound", {make_rule("ok", Action::allow, {"ok.example"})});
  for (const Tier tier : {Tier::admin, Tier::baseline}) {
    SlotLog slots;
    Compiler compiler(make_policies({narrow, own, allow, broken(tier, "all")}, FailureMode::open),
                      make_options(), slots);
    const auto unknown = compiler.resolve_unknown();
    CHECK(decider(judge(unknown)) == "all/failureMode");
    CHECK(decider(judge(unknown, "ok.example")) == "sound/ok");
    REQUIRE(unknown.definition != nullptr);
    CHECK(unknown.definition->failure_mode == FailureMode::closed);
  }
  SlotLog slots;
  Compiler compiler(make_policies({narrow, own, allow}), make_options(), slots);
  CHECK(decider(judge(compiler.resolve_unknown())).empty());
}

TEST_CASE("rules out of their hours are left out", "[filters][compiler]") {
  const auto filter = make_filter(
      Tier::tenant, "f",
      {scheduled("office", Action::deny, office), scheduled("night", Action::deny, night),
       scheduled("nowhere", Action::deny, {"Europe/Atlantis", 127}),
       make_rule("always", Action::allow)});
  struct Case {
    std::chrono::minutes of_day;
    std::string decider;
  };
  const Case cases[] = {{5h + 59min, "shop/f/night"},
                        {6h, "shop/f/always"},
                        {9h, "shop/f/office"},
                        {17h, "shop/f/always"},
                        {22h, "shop/f/night"}};
  for (const auto& [of_day, expected] : cases) {
    CAPTURE(of_day.count());
    SlotLog slots;
    Compiler compiler(make_policies({filter}), make_options(on_monday(of_day)), slots);
    CHECK(decider(judge(compiler.resolve({"shop", {}}))) == expected);
  }
}

TEST_CASE("the next change is the first that a schedule of any filter brings",
          "[filters][compiler]") {
  const auto by_office =
      make_filter(Tier::tenant, "office", {scheduled("r", Action::deny, office)});
  const auto by_night =
      make_filter(Tier::baseline, "night",
                  {make_rule("always", Action::audit), scheduled("r", Action::deny, night)});
  struct Case {
    std::vector<Filter> filters;
    std::chrono::minutes of_day;
    std::optional<WallTime> next;
  };
  const Case cases[] = {
      {{}, 8h, {}},
      {{make_filter(Tier::admin, "f", {make_rule("r", Action::deny)})}, 8h, {}},
      {{by_office}, 8h, on_monday(9h)},
      {{by_office, by_night}, 5h, on_monday(6h)},
      {{by_night, by_office}, 8h, on_monday(9h)},
      {{by_night, by_office}, 18h, on_monday(22h)},
  };
  for (const auto& [filters, of_day, next] : cases) {
    CAPTURE(filters.size(), of_day.count());
    SlotLog slots;
    const Compiler compiler(make_policies(filters), make_options(on_monday(of_day)), slots);
    CHECK(compiler.next_change() == next);
  }
}

TEST_CASE("namespaces are those that an object describes or stands in", "[filters][compiler]") {
  auto elsewhere = make_filter(Tier::tenant, "f", {});
  elsewhere.namespace_name = "elsewhere";
  SlotLog slots;
  const Compiler compiler(make_policies({elsewhere, make_filter(Tier::tenant, "f", {}),
                                         make_filter(Tier::admin, "a", {})}),
                          make_options(), slots);
  CHECK(compiler.namespaces() == std::set<std::string>{"elsewhere", "shop"});
  CHECK(compiler.tenant_of("shop") == "pay");
  CHECK(compiler.tenant_of("elsewhere") == "elsewhere");
  CHECK(compiler.tenant_of("never-heard-of") == "never-heard-of");
}
