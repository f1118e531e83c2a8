// SPDX-License-Identifier: Apache-2.0
#include "proxy/decision_registry.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice;
using namespace sluice::proxy;
using filters::CompiledRule;
using filters::DecisionSlot;

namespace {

CompiledRule rule(const std::string& name) {
  CompiledRule rule;
  rule.tier = filters::Tier::tenant;
  rule.filter = "shop/web";
  rule.name = name;
  rule.action = filters::Action::deny;
  return rule;
}

struct Fixture {
  TenantRegistry tenants{10};
  WorkerCounters first;
  WorkerCounters second;
  DecisionRegistry decisions{tenants, {&first, &second}};

  const CompiledRule a = rule("a");
  const CompiledRule b = rule("b");
  const CompiledRule c = rule("c");

  DecisionSlot block(const std::string& tenant, std::vector<const CompiledRule*> rules) {
    return decisions.block(tenant, rules);
  }
  void reload(const std::string& tenant, std::vector<const CompiledRule*> rules) {
    decisions.begin_generation();
    block(tenant, std::move(rules));
    decisions.commit_generation();
  }
  /// tenant/rule=value, in order.
  std::string counts() const {
    std::string text;
    for (const auto& count : decisions.counts())
      text += count.tenant + "/" + count.labels.rule + "=" + std::to_string(count.value) + " ";
    return text;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the same rules of a tenant get the same slots", "[proxy][metrics]") {
  const auto red = block("red", {&a, &b});
  CHECK(red == 1);
  CHECK(block("red", {&a, &b}) == red);
  const CompiledRule copy_of_a = a;
  CHECK(block("red", {&copy_of_a, &b}) == red);
  decisions.begin_generation();
  CHECK(block("red", {&a, &b}) == red);
  decisions.commit_generation();
  CHECK(block("red", {&a, &b}) == red);
}

TEST_CASE_METHOD(Fixture, "other tenants and other rules get other slots", "[proxy][metrics]") {
  CHECK(block("red", {&a, &b}) == 1);
  CHECK(block("blue", {&a, &b}) == 3);
  CHECK(block("red", {&b, &a}) == 5);
  CompiledRule audited = a;
  audited.mode = filters::EnforcementMode::audit;
  CHECK(block("red", {&audited, &b}) == 7);
  CHECK(block("red", {}) == filters::no_slot);
}

TEST_CASE_METHOD(Fixture, "decisions of all workers are added up under their labels",
                 "[proxy][metrics]") {
  const auto slot = block("red", {&a, &b});
  first.decisions.at(slot + 1).add(3);
  second.decisions.at(slot + 1).add(4);
  const auto counted = decisions.counts();
  REQUIRE(counted.size() == 1);
  CHECK(counted[0].tenant == "red");
  CHECK(counted[0].value == 7);
  CHECK(counted[0].labels == RuleLabels{filters::Tier::tenant, "shop/web", "b",
                                        filters::Action::deny, filters::EnforcementMode::enforce});
}

TEST_CASE_METHOD(Fixture, "a rule that stands in two chains of a tenant is one series",
                 "[proxy][metrics]") {
  first.decisions.at(block("red", {&a})).add(1);
  first.decisions.at(block("red", {&a, &b})).add(1);
  CHECK(counts() == "red/a=2 ");
}

TEST_CASE("tenants beyond the cap share a block", "[proxy][metrics]") {
  TenantRegistry tenants(1);
  WorkerCounters worker;
  DecisionRegistry decisions(tenants, {&worker});
  const CompiledRule a = rule("a");
  const std::vector<const CompiledRule*> rules{&a};
  decisions.block("red", rules);
  const auto green = decisions.block("green", rules);
  CHECK(decisions.block("blue", rules) == green);
  worker.decisions.at(green).add();
  REQUIRE(decisions.counts().size() == 1);
  CHECK(decisions.counts()[0].tenant == "_other");
}

TEST_CASE_METHOD(Fixture, "an edit does not set back the counters of the rules that stay",
                 "[proxy][metrics]") {
  first.decisions.at(block("red", {&a, &b})).add(5);
  first.decisions.at(block("red", {&a, &b}) + 1).add(6);
  reload("red", {&a, &c});
  CHECK(counts() == "red/a=5 ");
  first.decisions.at(block("red", {&a, &c})).add(1);
  CHECK(counts() == "red/a=6 ");
  reload("red", {&c});
  CHECK(counts().empty());
}

TEST_CASE_METHOD(Fixture, "slots are reused one reload later and count from zero",
                 "[proxy][metrics]") {
  const auto slot = block("red", {&a, &b});
  first.decisions.at(slot).add(5);
  reload("red", {&c});
  // A worker may still hold the old chain: the slots rest.
  first.decisions.at(slot).add(1);
  CHECK(block("red", {&c, &a}) != slot);
  CHECK(counts().empty());
  reload("red", {&c});
  CHECK(block("blue", {&b, &c}) == slot);
  CHECK(counts().empty());
  second.decisions.at(slot).add(2);
  CHECK(counts() == "blue/b=2 ");
}

TEST_CASE("endless edits do not use up the slots", "[proxy][metrics]") {
  TenantRegistry tenants(10);
  WorkerCounters worker;
  DecisionRegistry decisions(tenants, {&worker}, 100);
  for (int edit = 0; edit < 1000; ++edit) {
    std::vector<CompiledRule> rules;
    for (int i = 0; i < 10 + edit % 7; ++i)
      rules.push_back(rule(std::to_string(edit) + "-" + std::to_string(i)));
    std::vector<const CompiledRule*> pointers;
    for (const CompiledRule& each : rules)
      pointers.push_back(&each);
    decisions.begin_generation();
    const auto slot = decisions.block("red", pointers);
    REQUIRE(slot + pointers.size() <= 100);
    worker.decisions.at(slot).add();
    decisions.commit_generation();
    REQUIRE(decisions.counts().size() == 1);
    REQUIRE(decisions.counts()[0].value == 1);
  }
}

TEST_CASE("without room, decisions are counted together", "[proxy][metrics]") {
  TenantRegistry tenants(10);
  WorkerCounters worker;
  DecisionRegistry decisions(tenants, {&worker}, 3);
  const CompiledRule a = rule("a");
  const CompiledRule b = rule("b");
  const std::vector<const CompiledRule*> two{&a, &b};
  const std::vector<const CompiledRule*> one{&a};
  CHECK(decisions.block("red", two) == 1);
  const auto slot = decisions.block("blue", one);
  CHECK(slot == DecisionRegistry::overflow_slot);
  worker.decisions.at(slot).add();
  worker.decisions.at(slot + 1).add();  // behind the array: its last element
  CHECK(decisions.overflowed() == 2);
  CHECK(decisions.counts().empty());
}
