// SPDX-License-Identifier: Apache-2.0
#include "filters/chain.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/allocation_counter.hpp"
#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

struct Outcome {
  Verdict verdict;
  DecisionTrail trail;
};

Outcome judge(const Chain& chain, std::string_view qname, dns::Type type = dns::Type::a) {
  Outcome outcome;
  outcome.verdict = chain.judge(make_name(qname), type, outcome.trail);
  return outcome;
}

Filter with_default(Filter filter, DefaultAction action) {
  filter.default_action = action;
  return filter;
}

/// What a chain with a tenant's and the platform's Denies says of a CNAME target that both, one or
/// none of them deny, behind `rule`.
std::string decider_of_target(Rule rule, std::string_view target) {
  const auto chain = make_chain(
      {make_filter(Tier::admin, "platform",
                   {make_rule("pass", Action::pass, {"passed.bad.example"}),
                    make_rule("malware", Action::deny, {".bad.example"})}),
       make_filter(Tier::tenant, "own",
                   {std::move(rule), make_rule("ads", Action::deny, {".ads.example"})}),
       make_filter(Tier::baseline, "base", {make_rule("doh", Action::deny, {".doh.example"})})});
  DecisionTrail trail;
  const auto question = chain->judge(make_name("api.example"), dns::Type::a, trail);
  return decider(chain->judge_target(question, make_name(target), dns::Type::a, trail));
}

}  // namespace

TEST_CASE("without filters everything is allowed by default", "[filters][chain]") {
  const auto outcome = judge(*make_chain({}), "example.com");
  CHECK(outcome.verdict.action == Action::allow);
  CHECK(outcome.verdict.rule == nullptr);
  CHECK(outcome.verdict.slot == no_slot);
  CHECK(outcome.verdict.by_default());
}

TEST_CASE("tiers are asked in order and the first match decides", "[filters][chain]") {
  const auto chain = make_chain(
      {make_filter(Tier::baseline, "b", {make_rule("all", Action::deny, {"*"})}),
       make_filter(Tier::tenant, "t", {make_rule("x", Action::allow, {".example"})}),
       make_filter(Tier::admin, "a", {make_rule("bad", Action::deny, {"bad.example"})})});
  CHECK(decider(judge(*chain, "bad.example").verdict) == "a/bad");
  CHECK(decider(judge(*chain, "good.example").verdict) == "shop/t/x");
  CHECK(decider(judge(*chain, "other.test").verdict) == "b/all");
}

TEST_CASE("Pass leaves its tier and is told in the trail", "[filters][chain]") {
  const auto chain = make_chain(
      {make_filter(Tier::admin, "a",
                   {make_rule("ours", Action::pass, {".platform.example"}),
                    make_rule("feed", Action::deny, {"*"})}),
       make_filter(Tier::tenant, "t", {make_rule("x", Action::rewrite, {"x.platform.example"})}),
       make_filter(Tier::baseline, "b",
                   {make_rule("out", Action::pass, {"y.platform.example"}),
                    make_rule("all", Action::deny, {"*"})})});
  const auto rewritten = judge(*chain, "x.platform.example");
  CHECK(decider(rewritten.verdict) == "shop/t/x");
  CHECK(rewritten.verdict.action == Action::rewrite);
  CHECK(names_of(rewritten.trail) == std::vector<std::string>{"a/ours"});

  const auto passed = judge(*chain, "y.platform.example");
  CHECK(decider(passed.verdict).empty());
  CHECK(names_of(passed.trail) == std::vector<std::string>{"a/ours", "b/out"});
  CHECK(decider(judge(*chain, "other.example").verdict) == "a/feed");
}

TEST_CASE("Audit rules count and go on, filters on trial count what they would have done", "[filters][chain]") {
  auto trial = make_filter(
      Tier::admin, "trial",
      {make_rule("leave", Action::pass, {"*"}), make_rule("deny", Action::deny, {".example"})});
  trial.mode = EnforcementMode::audit;
  const auto chain =
      make_chain({std::move(trial), make_filter(Tier::admin, "watch",
                                                {make_rule("look", Action::audit, {".example"}),
                                                 make_rule("stop", Action::deny, {"a.example"})})});
  const auto outcome = judge(*chain, "a.example");
  CHECK(decider(outcome.verdict) == "watch/stop");
  CHECK(names_of(outcome.trail) ==
        std::vector<std::string>{"trial/leave", "watch/look"});
  CHECK(judge(*chain, "b.example").verdict.action == Action::allow);
}

TEST_CASE("the tenant's default action stands between its rules and Baseline", "[filters][chain]") {
  const auto baseline = make_filter(Tier::baseline, "b", {make_rule("all", Action::deny, {"*"})});
  const auto own = make_filter(Tier::tenant, "t", {make_rule("x", Action::allow, {"x.example"})});
  const auto allow = make_chain({baseline, with_default(own, DefaultAction::allow)});
  const auto deny = make_chain({baseline, with_default(own, DefaultAction::deny)});

  const auto allowed = judge(*allow, "y.example").verdict;
  CHECK(allowed.action == Action::allow);
  CHECK(decider(allowed) == "shop/t/defaultAction");
  CHECK(allowed.by_default());
  CHECK(decider(judge(*deny, "y.example").verdict) == "shop/t/defaultAction");
  CHECK_FALSE(judge(*deny, "x.example").verdict.by_default());
}

TEST_CASE("cluster zones are exempt from a default Deny but not from rules", "[filters][chain]") {
  const auto filter = make_filter(
      Tier::tenant, "t", {make_rule("secret", Action::deny, {"db.prod.svc.cluster.local"})});
  const auto chain = make_chain(
      {with_default(filter, DefaultAction::deny),
       make_filter(Tier::baseline, "b", {make_rule("x", Action::deny, {"x.cluster.local"})})});
  CHECK(judge(*chain, "web.prod.svc.cluster.local").verdict.action == Action::allow);
  CHECK(judge(*chain, "cluster.local").verdict.action == Action::allow);
  CHECK(decider(judge(*chain, "db.prod.svc.cluster.local").verdict) == "shop/t/secret");
  CHECK(decider(judge(*chain, "x.cluster.local").verdict) == "b/x");
  CHECK(judge(*chain, "mycluster.local").verdict.action == Action::deny);
  CHECK(judge(*chain, "local").verdict.action == Action::deny);
}

TEST_CASE("slots count rules, and the default behind them", "[filters][chain]") {
  const auto chain = make_chain({with_default(
      make_filter(Tier::tenant, "t",
                  {make_rule("0", Action::audit, {"*"}), make_rule("1", Action::deny, {"a"})}),
      DefaultAction::deny)});
  const auto first = chain->parts()[1].first_slot;
  const auto ruled = judge(*chain, "a");
  CHECK(ruled.verdict.slot == first + 1);
  REQUIRE(ruled.trail.entries().size() == 1);
  CHECK(ruled.trail.entries()[0].slot == first);
  CHECK(judge(*chain, "b").verdict.slot == first + 2);
}

TEST_CASE("targets behind a default or Inspect are judged in full, behind Trust by Admin Denies",
          "[filters][chain]") {
  auto inspect = make_rule("psp", Action::allow, {"api.example"});
  auto trust = inspect;
  trust.cname_inspection = CnameInspection::trust;
  auto rewrite = inspect;
  rewrite.action = Action::rewrite;
  const auto elsewhere = make_rule("psp", Action::allow, {"elsewhere.example"});
  struct Case {
    const char* name;
    const char* target;
    Rule rule;
    std::string decider;
  };
  const Case cases[] = {
      {"default, admin", "x.bad.example", elsewhere, "platform/malware"},
      {"default, tenant", "x.ads.example", elsewhere, "shop/own/ads"},
      {"default, baseline", "x.doh.example", elsewhere, "base/doh"},
      {"default, nobody", "cdn.example", elsewhere, ""},
      {"inspect, tenant", "x.ads.example", inspect, "shop/own/ads"},
      {"rewrite, tenant", "x.ads.example", rewrite, "shop/own/ads"},
      {"trust, admin", "x.bad.example", trust, "platform/malware"},
      {"trust, passed by admin", "passed.bad.example", trust, ""},
      {"trust, tenant", "x.ads.example", trust, ""},
      {"trust, baseline", "x.doh.example", trust, ""},
  };
  for (const auto& [name, target, rule, expected] : cases) {
    CAPTURE(name);
    CHECK(decider_of_target(rule, target) == expected);
  }
}

TEST_CASE("an explicit Allow of the Admin tier trusts no target that the tier denies",
          "[filters][chain]") {
  auto allow = make_rule("ok", Action::allow, {"api.example"});
  allow.cname_inspection = CnameInspection::trust;
  const auto chain = make_chain({make_filter(
      Tier::admin, "a", {allow, make_rule("malware", Action::deny, {".bad.example"})})});
  DecisionTrail trail;
  const auto question = chain->judge(make_name("api.example"), dns::Type::a, trail);
  CHECK(decider(chain->judge_target(question, make_name("x.bad.example"), dns::Type::a, trail)) ==
        "a/malware");
}

TEST_CASE("judging allocates nothing", "[filters][chain]") {
  using sluice::tests::AllocationCounter;
  if (!AllocationCounter::is_supported()) SKIP("a sanitizer owns malloc");
  std::vector<Rule> rules;
  for (int i = 0; i < 64; ++i) {
    rules.push_back(make_rule("r" + std::to_string(i), Action::audit, {"*", ".example"},
                              {dns::Type::a, dns::Type::caa}));
  }
  const auto chain = make_chain(
      {with_default(make_filter(Tier::tenant, "t", std::move(rules)), DefaultAction::deny)});
  std::string deepest;
  for (int i = 0; i < 120; ++i)
    deepest += "a.";
  const std::vector names{make_name("example"), make_name(deepest + "example"), make_name(".")};

  const AllocationCounter counter;
  DecisionTrail trail;
  for (const auto& name : names) {
    const auto verdict = chain->judge(name, dns::Type::caa, trail);
    static_cast<void>(chain->judge_target(verdict, name, dns::Type::a, trail));
  }
  const auto allocations = counter.count();
  CHECK(allocations == 0);
  CHECK(trail.total() == 3 * 2 * 64);
}
