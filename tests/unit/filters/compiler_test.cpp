// SPDX-License-Identifier: Apache-2.0
#include "filters/compiler.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

/// The filters that judge a workload in one tier, by their rules.
std::vector<std::string> rules_of(const Compiler::Resolved& resolved, Tier tier) {
  std::vector<std::string> names;
  const auto& part = resolved.chain->parts()[static_cast<std::size_t>(tier)];
  if (!part.tier) return names;
  for (const CompiledRule& rule : part.tier->rules)
    names.push_back(rule.filter + "/" + rule.name);
  return names;
}

Filter cluster_filter(Tier tier, const std::string& name, Subject subject) {
  auto filter = make_filter(tier, name, {make_rule("r", Action::audit)});
  filter.subject = std::move(subject);
  return filter;
}

Filter own_filter(const std::string& space, const std::string& name, LabelSelector pods = {},
                  std::int32_t priority = 500) {
  auto filter = make_filter(Tier::tenant, name, {make_rule("r", Action::audit)}, priority);
  filter.namespace_name = space;
  filter.pod_selector = std::move(pods);
  return filter;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a tenant's filters are those of the namespace that select the pod",
          "[filters][compiler]") {
  SlotLog slots;
  PolicySet policies;
  policies.filters = {own_filter("shop", "all"), own_filter("shop", "web", has_label("app", "web")),
                      own_filter("other", "other")};
  Compiler compiler(policies, {}, slots);
  CHECK(rules_of(compiler.resolve({"shop", {{"app", "web"}}}), Tier::tenant) ==
        Names{"shop/all/r", "shop/web/r"});
  CHECK(rules_of(compiler.resolve({"shop", {}}), Tier::tenant) == Names{"shop/all/r"});
  CHECK(rules_of(compiler.resolve({"nowhere", {}}), Tier::tenant).empty());
}

TEST_CASE("filters are asked by priority, then by name", "[filters][compiler]") {
  SlotLog slots;
  PolicySet policies;
  policies.filters = {own_filter("shop", "late", {}, 900), own_filter("shop", "b"),
                      own_filter("shop", "a"), own_filter("shop", "zuerst", {}, 0)};
  Compiler compiler(policies, {}, slots);
  CHECK(rules_of(compiler.resolve({"shop", {}}), Tier::tenant) ==
        Names{"shop/zuerst/r", "shop/a/r", "shop/b/r", "shop/late/r"});
}

TEST_CASE("all conditions of a subject must hold", "[filters][compiler]") {
  struct Case {
    const char* name;
    Subject subject;
    Workload workload;
    bool selected;
  };
  const Workload web{"pay-prod", {{"app", "web"}}};
  const Subject all{{"other", "payments"}, has_label("env", "prod"), has_label("app", "web")};
  const Case cases[] = {
      {"everybody", {}, web, true},
      {"by tenant", {{"payments"}, {}, {}}, web, true},
      {"by another tenant", {{"shop"}, {}, {}}, web, false},
      {"not by the namespace of a tenant", {{"pay-prod"}, {}, {}}, web, false},
      {"by a namespace that is its own tenant", {{"shop"}, {}, {}}, {"shop", {}}, true},
      {"by namespace labels", {{}, has_label("env", "prod"), {}}, web, true},
      {"by other namespace labels", {{}, has_label("env", "test"), {}}, web, false},
      {"by pod labels", {{}, {}, has_label("app", "web")}, web, true},
      {"by other pod labels", {{}, {}, has_label("app", "db")}, web, false},
      {"by all of them", all, web, true},
      {"by all but the pod", all, {"pay-prod", {}}, false},
      {"by all but the namespace", all, {"pay-test", {{"app", "web"}}}, false},
  };
  for (const Tier tier : {Tier::admin, Tier::baseline}) {
    for (const auto& [name, subject, workload, selected] : cases) {
      CAPTURE(name);
      SlotLog slots;
      PolicySet policies;
      policies.filters = {cluster_filter(tier, "f", subject)};
      policies.tenants = {{"payments", has_label("team", "pay")}};
      policies.namespaces = {{"pay-prod", {{"team", "pay"}, {"env", "prod"}}},
                             {"pay-test", {{"team", "pay"}, {"env", "test"}}}};
      Compiler compiler(policies, {}, slots);
      CHECK(rules_of(compiler.resolve(workload), tier).empty() != selected);
    }
  }
}

TEST_CASE("a workload's tenant is its DNSTenant or its namespace", "[filters][compiler]") {
  SlotLog slots;
  PolicySet policies;
  policies.tenants = {{"payments", has_label("team", "pay")}};
  policies.namespaces = {{"pay-prod", {{"team", "pay"}}}};
  Compiler compiler(policies, {}, slots);
  CHECK(compiler.resolve({"pay-prod", {}}).tenant == "payments");
  CHECK(compiler.resolve({"shop", {}}).tenant == "shop");
}

TEST_CASE("workloads that the same filters select share the chain, and tiers across tenants",
          "[filters][compiler]") {
  SlotLog slots;
  PolicySet policies;
  policies.filters = {cluster_filter(Tier::admin, "a", {}),
                      own_filter("shop", "web", has_label("app", "web"))};
  Compiler compiler(policies, {}, slots);
  const auto web = compiler.resolve({"shop", {{"app", "web"}, {"pod", "1"}}});
  const auto another_web = compiler.resolve({"shop", {{"app", "web"}, {"pod", "2"}}});
  const auto database = compiler.resolve({"shop", {{"app", "db"}}});
  const auto stranger = compiler.resolve({"other", {}});
  CHECK(web.chain == another_web.chain);
  CHECK(web.chain != database.chain);
  CHECK(web.chain->parts()[0].tier == stranger.chain->parts()[0].tier);
  CHECK(web.chain->parts()[0].first_slot == database.chain->parts()[0].first_slot);
  CHECK(web.chain->parts()[0].first_slot != stranger.chain->parts()[0].first_slot);
}

TEST_CASE("slots are asked for once per tenant and tier, the default action last",
          "[filters][compiler]") {
  SlotLog slots;
  PolicySet policies;
  auto own = own_filter("shop", "own");
  own.default_action = DefaultAction::deny;
  policies.filters = {cluster_filter(Tier::admin, "a", {}), own};
  Compiler compiler(policies, {}, slots);
  compiler.resolve({"shop", {}});
  compiler.resolve({"shop", {{"app", "web"}}});
  compiler.resolve({"other", {}});
  REQUIRE(slots.blocks().size() == 3);
  CHECK(slots.blocks()[0].tenant == "shop");
  CHECK(slots.blocks()[0].names == Names{"a/r"});
  CHECK(slots.blocks()[1].tenant == "shop");
  CHECK(slots.blocks()[1].names == Names{"shop/own/r", "shop/own/defaultAction"});
  CHECK(slots.blocks()[2].tenant == "other");
  CHECK(slots.blocks()[2].names == Names{"a/r"});
}

TEST_CASE("unknown clients meet only what is said of everybody", "[filters][compiler]") {
  SlotLog slots;
  PolicySet policies;
  policies.filters = {
      cluster_filter(Tier::admin, "everybody", {}),
      cluster_filter(Tier::admin, "empty-selectors", {{}, LabelSelector{}, LabelSelector{}}),
      cluster_filter(Tier::admin, "tenant", {{"shop"}, {}, {}}),
      cluster_filter(Tier::admin, "not-in",
                     {{}, {}, LabelSelector{{{"a", LabelSelector::Operator::not_in, {"b"}}}}}),
      cluster_filter(Tier::baseline, "base", {}),
      own_filter("shop", "own"),
      own_filter("_unknown", "impostor")};
  Compiler compiler(policies, {}, slots);
  const auto unknown = compiler.resolve_unknown();
  CHECK(unknown.tenant == unknown_tenant);
  CHECK(rules_of(unknown, Tier::admin) == Names{"empty-selectors/r", "everybody/r"});
  CHECK(rules_of(unknown, Tier::tenant).empty());
  CHECK(rules_of(unknown, Tier::baseline) == Names{"base/r"});
}

TEST_CASE("a chain outlives the compiler that made it", "[filters][compiler]") {
  const auto chain = make_chain(
      {make_filter(Tier::tenant, "t", {make_rule("ads", Action::deny, {".ads.example"})})});
  DecisionTrail trail;
  const auto verdict = chain->judge(make_name("x.ads.example"), dns::Type::a, trail);
  CHECK(verdict.action == Action::deny);
  CHECK(decider(verdict) == "shop/t/ads");
}
