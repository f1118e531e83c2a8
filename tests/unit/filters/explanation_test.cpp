// SPDX-License-Identifier: Apache-2.0
#include "filters/explanation.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_dice.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

using Names = std::vector<std::string>;

std::string name_of(const CompiledRule& rule) {
  return rule.filter + "/" + rule.name;
}

/// `filter/rule: outcome` of each rule.
Names outcomes(const Explanation& explanation) {
  static constexpr const char* words[] = {"no match", "decides", "audits",
                                          "passes",   "waits",   "not reached"};
  Names lines;
  for (const auto& [rule, outcome] : explanation.rules)
    lines.push_back(name_of(*rule) + ": " + words[static_cast<std::size_t>(outcome)]);
  return lines;
}

Names with_outcome(const Explanation& explanation, std::initializer_list<RuleOutcome> wanted) {
  Names names;
  for (const auto& [rule, outcome] : explanation.rules) {
    if (std::find(wanted.begin(), wanted.end(), outcome) != wanted.end())
      names.push_back(name_of(*rule));
  }
  return names;
}

/// Lists over the labels of the dice.
NameSets some_lists() {
  return {{{"", "one"}, make_list({{"a"}, {"c.b", EntryReach::below}})},
          {{"", "two"}, make_list({{"b"}, {"a.b", EntryReach::name, EntryAction::passthru}})}};
}

/// Gives rules conditions now and then.
void add_conditions(std::vector<Filter>& filters, Dice& dice) {
  for (Filter& filter : filters) {
    std::vector<Rule> rules(filter.rules.begin(), filter.rules.end());
    for (Rule& rule : rules) {
      if (dice.number(0, 3) == 0) rule = with_lists(rule, {dice.pick({"one", "two"})});
      if (dice.number(0, 3) == 0) rule.patterns = {dice.pick({"a.*", ".*c", "[ab]+(\\.[ab]+)*"})};
      if (dice.number(0, 5) == 0) rule = with_answers(rule, {"10.0.0.0/8"});
    }
    filter.rules = std::move(rules);
  }
}

}  // namespace

TEST_CASE("the explanation of random questions is what the chain says of them",
          "[filters][explanation]") {
  const auto lists = some_lists();
  for (unsigned seed = 0; seed < 1000; ++seed) {
    Dice dice(seed);
    auto filters = dice.filters();
    add_conditions(filters, dice);
    const auto chain = make_chain(filters, lists);
    for (int i = 0; i < 20; ++i) {
      const auto name = i == 0 ? dns::Name() : make_name(dice.domain());
      const auto type = dice.type();
      CAPTURE(seed, dns::to_text(name), dns::to_text(type));
      DecisionTrail trail;
      const auto verdict = chain->judge(name, type, trail);
      const auto explanation = explain(*chain, name, type);
      REQUIRE(explanation.verdict.rule == verdict.rule);
      const auto deciders = with_outcome(explanation, {RuleOutcome::decides});
      REQUIRE(deciders == (verdict.rule == nullptr ? Names{} : Names{decider(verdict)}));
      auto on_the_way = with_outcome(explanation, {RuleOutcome::audits, RuleOutcome::passes});
      REQUIRE(on_the_way.size() == trail.total());
      on_the_way.resize(std::min(on_the_way.size(), DecisionTrail::capacity));
      REQUIRE(on_the_way == names_of(trail));
    }
  }
}

TEST_CASE("every rule is told with what became of it", "[filters][explanation]") {
  auto trial = make_filter(Tier::admin, "b-trial",
                           {make_rule("would", Action::deny, {".example"}),
                            make_rule("unasked", Action::deny, {".example"})});
  trial.mode = EnforcementMode::audit;
  auto own = make_filter(
      Tier::tenant, "own",
      {make_rule("other", Action::deny, {"other.test"}),
       with_answers(make_rule("private", Action::deny), {"10.0.0.0/8"}),
       make_rule("watch", Action::audit, {"*"}), make_rule("allow", Action::allow, {"a.example"}),
       make_rule("behind", Action::deny, {"*.example"})});
  own.default_action = DefaultAction::deny;
  const auto chain =
      make_chain({trial,
                  make_filter(Tier::admin, "c-pass",
                              {make_rule("pass", Action::pass, {".example"}),
                               make_rule("passed", Action::deny, {"*.example"})}),
                  own, make_filter(Tier::baseline, "base", {make_rule("x", Action::deny)})});
  const auto decided = explain(*chain, make_name("a.example"), dns::Type::a);
  CHECK(outcomes(decided) ==
        Names{"b-trial/would: audits", "b-trial/unasked: not reached", "c-pass/pass: passes",
              "c-pass/passed: not reached", "shop/own/other: no match", "shop/own/private: waits",
              "shop/own/watch: audits", "shop/own/allow: decides", "shop/own/behind: not reached",
              "shop/own/defaultAction: not reached", "base/x: not reached"});
  CHECK(decided.verdict.action == Action::allow);

  const auto by_default = explain(*chain, make_name("a.test"), dns::Type::a);
  CHECK(outcomes(by_default) ==
        Names{"b-trial/would: no match", "b-trial/unasked: no match", "c-pass/pass: no match",
              "c-pass/passed: no match", "shop/own/other: no match", "shop/own/private: waits",
              "shop/own/watch: audits", "shop/own/allow: no match", "shop/own/behind: no match",
              "shop/own/defaultAction: decides", "base/x: not reached"});

  // Cluster zones are exempt from a default Deny.
  const auto exempt = explain(*chain, make_name("web.shop.svc.cluster.local"), dns::Type::a);
  CHECK(with_outcome(exempt, {RuleOutcome::decides}) == Names{"base/x"});
  CHECK(outcomes(exempt).at(9) == "shop/own/defaultAction: no match");
}

TEST_CASE("without filters nothing is there to explain", "[filters][explanation]") {
  const auto explanation = explain(*make_chain({}), make_name("a.example"), dns::Type::a);
  CHECK(explanation.rules.empty());
  CHECK(explanation.verdict.rule == nullptr);
}

TEST_CASE("what matches a name is told in the words of the rule", "[filters][explanation]") {
  auto rule = make_rule("r", Action::deny, {"exact.example", "*.below.example", ".both.example"});
  rule.patterns = {"ad[0-9]+\\..*", ".*\\.zip"};
  rule.lists = {{"", "malware"}, {"shop", "own"}, {"", "not-loaded"}};
  const NameSets lists{{{"", "malware"}, make_list({{"malware.example"}})},
                       {{"shop", "own"}, make_list({{"own.example", EntryReach::name}})}};
  struct Case {
    const char* name;
    std::string matcher;
  };
  const Case cases[] = {{"exact.example", "domain exact.example"},
                        {"x.exact.example", ""},
                        {"x.below.example", "domain *.below.example"},
                        {"below.example", ""},
                        {"both.example", "domain .both.example"},
                        {"x.y.both.example", "domain .both.example"},
                        {"ad7.both.example", "domain .both.example"},
                        {"ad7.example", "pattern ad[0-9]+\\..*"},
                        {"movie.zip", "pattern .*\\.zip"},
                        {"x.malware.example", "ClusterDomainList malware"},
                        {"own.example", "DomainList own"},
                        {"x.own.example", ""},
                        {".", ""}};
  for (const auto& [name, matcher] : cases) {
    CAPTURE(name);
    CHECK(matcher_of(rule, make_name(name), lists) == matcher);
  }
  CHECK(matcher_of(make_rule("r", Action::deny), make_name("a.example"), {}) == "every name");
  CHECK(matcher_of(make_rule("r", Action::deny, {"*"}), make_name("a.example"), {}) == "domain *");
}
