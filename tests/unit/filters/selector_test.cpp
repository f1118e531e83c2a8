// SPDX-License-Identifier: Apache-2.0
#include "filters/selector.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::filters;
using Operator = LabelSelector::Operator;

TEST_CASE("each operator asks of one label what Kubernetes asks", "[filters][selector]") {
  const Labels labels{{"app", "web"}, {"empty", ""}};
  struct Case {
    const char* name;
    LabelSelector::Requirement requirement;
    bool matches;
  };
  const Case cases[] = {
      {"in, listed", {"app", Operator::in, {"db", "web"}}, true},
      {"in, not listed", {"app", Operator::in, {"db"}}, false},
      {"in, label absent", {"tier", Operator::in, {"web"}}, false},
      {"in, the empty value", {"empty", Operator::in, {""}}, true},
      {"not in, listed", {"app", Operator::not_in, {"web"}}, false},
      {"not in, not listed", {"app", Operator::not_in, {"db"}}, true},
      {"not in, label absent", {"tier", Operator::not_in, {"web"}}, true},
      {"exists", {"empty", Operator::exists, {}}, true},
      {"exists, label absent", {"tier", Operator::exists, {}}, false},
      {"does not exist", {"tier", Operator::does_not_exist, {}}, true},
      {"does not exist, label present", {"app", Operator::does_not_exist, {}}, false},
  };
  for (const auto& [name, requirement, matches] : cases) {
    CAPTURE(name);
    CHECK(LabelSelector{{requirement}}.matches(labels) == matches);
  }
}

TEST_CASE("all requirements must hold and none selects everything", "[filters][selector]") {
  const LabelSelector both{{{"app", Operator::in, {"web"}}, {"tier", Operator::exists, {}}}};
  CHECK(both.matches({{"app", "web"}, {"tier", "front"}}));
  CHECK_FALSE(both.matches({{"app", "web"}}));
  CHECK_FALSE(both.matches({{"tier", "front"}}));
  CHECK(LabelSelector{}.matches({}));
  CHECK(LabelSelector{}.empty());
  CHECK_FALSE(both.empty());
}
