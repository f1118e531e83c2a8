// SPDX-License-Identifier: Apache-2.0
#include "filters/rule_index.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

constexpr std::uint64_t seed = 11;
using Numbers = std::vector<std::uint32_t>;

/// Rules that end the walk where they deny, and go on where they audit.
RuleIndex make_index(const std::vector<Rule>& rules) {
  std::vector<RuleIndex::Input> inputs;
  for (const Rule& rule : rules) {
    inputs.push_back({rule.domains, rule.query_types, rule.action != Action::audit});
  }
  return RuleIndex::build(inputs, seed);
}

Numbers matching(const RuleIndex& index, std::string_view qname, dns::Type type = dns::Type::a) {
  const auto name = make_name(qname);
  const SuffixHashes question(name, index.deepest(), index.seed());
  auto matches = index.match(question, type);
  Numbers numbers;
  while (const auto match = matches.next())
    numbers.push_back(match->rule);
  return numbers;
}

}  // namespace

TEST_CASE("the example of the header holds", "[filters][rule_index]") {
  const auto index = make_index({make_rule("0", Action::audit, {".example.com"}),
                                 make_rule("1", Action::audit, {"a.example.com"}),
                                 make_rule("2", Action::audit, {"*.example.com"}),
                                 make_rule("3", Action::audit, {"*"})});
  CHECK(matching(index, "x.a.example.com") == Numbers{0, 2, 3});
  CHECK(matching(index, "a.example.com") == Numbers{0, 1, 2, 3});
  CHECK(matching(index, "example.com") == Numbers{0, 3});
  CHECK(matching(index, "com") == Numbers{3});
  CHECK(matching(index, ".") == Numbers{3});
}

TEST_CASE("an index without rules matches nothing", "[filters][rule_index]") {
  CHECK(matching(RuleIndex(), "example.com").empty());
  CHECK(matching(make_index({}), "example.com").empty());
}

TEST_CASE("a name that merely ends alike does not match", "[filters][rule_index]") {
  const auto index = make_index({make_rule("0", Action::deny, {".example.com"})});
  CHECK(matching(index, "notexample.com").empty());
  CHECK(matching(index, "example.com.org").empty());
  CHECK(matching(index, "x.example.com") == Numbers{0});
}

TEST_CASE("a rule with several matching patterns is returned once", "[filters][rule_index]") {
  const auto index = make_index(
      {make_rule("0", Action::audit, {"*", ".example", "a.example", "a.example", "*.example"})});
  CHECK(matching(index, "a.example") == Numbers{0});
  CHECK(matching(index, "b.example") == Numbers{0});
}

TEST_CASE("query types restrict a rule, low and high numbers alike", "[filters][rule_index]") {
  const auto odd = static_cast<dns::Type>(65399);
  const auto index =
      make_index({make_rule("0", Action::deny, {}, {dns::Type::txt, dns::Type::any, odd}),
                  make_rule("1", Action::deny, {".example"}, {dns::Type::caa}),
                  make_rule("2", Action::deny, {".example"})});
  CHECK(matching(index, "example", dns::Type::txt) == Numbers{0, 2});
  CHECK(matching(index, "other", odd) == Numbers{0});
  CHECK(matching(index, "example", dns::Type::caa) == Numbers{1, 2});
  CHECK(matching(index, "other", dns::Type::any) == Numbers{0});
  CHECK(matching(index, "other", dns::Type::a).empty());
  CHECK(matching(index, "other", static_cast<dns::Type>(65398)).empty());
}

TEST_CASE("a rule behind one that decides the same name is forgotten only where that one decides",
          "[filters][rule_index]") {
  const auto index = make_index({make_rule("0", Action::deny, {"*.example"}),
                                 make_rule("1", Action::audit, {"*.example"}),
                                 make_rule("2", Action::audit, {".example"})});
  CHECK(matching(index, "a.example") == Numbers{0, 2});
  CHECK(matching(index, "example") == Numbers{2});

  const auto typed = make_index({make_rule("0", Action::deny, {"example"}, {dns::Type::a}),
                                 make_rule("1", Action::deny, {"example"}),
                                 make_rule("2", Action::deny, {"example"})});
  CHECK(matching(typed, "example", dns::Type::a) == Numbers{0, 1});
  CHECK(matching(typed, "example", dns::Type::txt) == Numbers{1});
}

TEST_CASE("every one of many names is found and no other", "[filters][rule_index]") {
  std::vector<Rule> rules;
  for (int i = 0; i < 3000; ++i) {
    const std::string domain = "d" + std::to_string(i) + ".example";
    rules.push_back(make_rule(domain, Action::deny, {domain}));
  }
  const auto index = make_index(rules);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    REQUIRE(matching(index, "d" + std::to_string(i) + ".example") == Numbers{i});
    REQUIRE(matching(index, "e" + std::to_string(i) + ".example").empty());
  }
}
