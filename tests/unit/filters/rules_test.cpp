// SPDX-License-Identifier: Apache-2.0
#include "filters/rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice::filters;

TEST_CASE("no rules come to nothing", "[filters][rules]") {
  const Rules none;
  CHECK(none.empty());
  CHECK(none.totals().actions.none());
  CHECK(none.totals().domains + none.totals().patterns == 0);
  CHECK_FALSE(none.totals().has_lists);
  CHECK_FALSE(none.totals().has_schedules);
}

TEST_CASE("rules know what they come to", "[filters][rules]") {
  auto plain = make_rule("plain", Action::deny, {"a.example", ".b.example"});
  plain.patterns = {"x.*"};
  const auto allowing = make_rule("allowing", Action::allow, {"*"});
  const Rules rules{plain, allowing};
  CHECK(rules.size() == 2);
  CHECK(rules.totals().domains == 3);
  CHECK(rules.totals().patterns == 1);
  CHECK(rules.totals().actions.count() == 2);
  CHECK(rules.totals().actions.test(static_cast<std::size_t>(Action::allow)));
  CHECK_FALSE(rules.totals().has_lists);
  CHECK_FALSE(rules.totals().has_schedules);

  CHECK(Rules{plain, with_lists(allowing, {"malware"})}.totals().has_lists);
  auto timed = plain;
  timed.schedule = Schedule{.time_zone = "Europe/Berlin", .weekdays = {}};
  const Rules with_time{allowing, timed};
  CHECK(with_time.totals().has_schedules);
  CHECK_FALSE(with_time.totals().has_lists);
}
