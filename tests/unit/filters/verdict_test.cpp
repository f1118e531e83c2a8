// SPDX-License-Identifier: Apache-2.0
#include "filters/verdict.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::filters;

TEST_CASE("a trail keeps the first entries and counts the rest", "[filters][verdict]") {
  const CompiledRule rule;
  DecisionTrail trail;
  for (DecisionSlot slot = 0; slot < DecisionTrail::capacity + 3; ++slot)
    trail.add(rule, slot);
  REQUIRE(trail.entries().size() == DecisionTrail::capacity);
  CHECK(trail.entries().front().slot == 0);
  CHECK(trail.entries().back().slot == DecisionTrail::capacity - 1);
  CHECK(trail.total() == DecisionTrail::capacity + 3);

  trail.clear();
  CHECK(trail.entries().empty());
  CHECK(trail.total() == 0);
}

TEST_CASE("a rule only audits by its own action or by its filter's mode", "[filters][verdict]") {
  CompiledRule rule;
  rule.action = Action::deny;
  CHECK_FALSE(rule.only_audits());
  rule.mode = EnforcementMode::audit;
  CHECK(rule.only_audits());
  rule.mode = EnforcementMode::enforce;
  rule.action = Action::audit;
  CHECK(rule.only_audits());
}

TEST_CASE("a verdict is by default when no rule made it", "[filters][verdict]") {
  CompiledRule rule;
  CHECK(Verdict{}.by_default());
  CHECK_FALSE(Verdict{Action::allow, &rule}.by_default());
  rule.is_default = true;
  CHECK(Verdict{Action::allow, &rule}.by_default());
}
