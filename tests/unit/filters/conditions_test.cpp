// SPDX-License-Identifier: Apache-2.0
#include "filters/conditions.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/allocation_counter.hpp"
#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

NamePattern make_pattern(const std::string& text) {
  return *NamePattern::compile(text);
}

RuleConditions about_lists(std::vector<std::uint32_t> lists) {
  RuleConditions conditions;
  conditions.lists = std::move(lists);
  return conditions;
}

RuleConditions about_patterns(std::initializer_list<std::string> patterns) {
  RuleConditions conditions;
  for (const std::string& pattern : patterns)
    conditions.patterns.push_back(make_pattern(pattern));
  return conditions;
}

std::optional<ListMatch> match(const RuleConditions& conditions, std::string_view text,
                               const ConditionedQuestion::Lists& lists = {}) {
  const dns::Name name = make_name(text);
  const SuffixHashes hashes(name, dns::max_labels, hash_seed);
  return ConditionedQuestion(hashes, lists).match(conditions);
}

}  // namespace

TEST_CASE("one of a rule's patterns has to match the whole name", "[filters][conditions]") {
  const auto conditions = about_patterns({"ad[0-9]+\\.example", "[a-z]+\\.(test|invalid)", "x*"});
  struct Case {
    const char* name;
    bool matches;
  };
  const Case cases[] = {{"ad1.example", true},
                        {"ad.example", false},
                        {"my.ad1.example", false},
                        {"ad1.example.com", false},
                        {"shop.invalid", true},
                        {"a.shop.test", false},
                        {"xxx", true},
                        {".", true}};
  for (const auto& [name, matches] : cases) {
    CAPTURE(name);
    CHECK(match(conditions, name).has_value() == matches);
  }
  CHECK_FALSE(match(RuleConditions{}, "ad1.example"));
}

TEST_CASE("the first list that has the name says what becomes of it", "[filters][conditions]") {
  const ConditionedQuestion::Lists lists{
      make_list({{"a.example", EntryReach::name, EntryAction::nodata}}),
      make_list({{"example", EntryReach::name_and_below, EntryAction::nxdomain}})};
  auto conditions = about_lists({0, 1});
  conditions.patterns.push_back(make_pattern(".*example"));
  CHECK(match(conditions, "a.example", lists)->effect == ListEffect::nodata);
  CHECK(match(conditions, "b.example", lists)->effect == ListEffect::nxdomain);
  CHECK(match(conditions, "myexample", lists)->effect == ListEffect::listed);
  CHECK_FALSE(match(conditions, "example.com", lists));
  CHECK(match(about_lists({1, 0}), "a.example", lists)->effect == ListEffect::nxdomain);
}

TEST_CASE("an exception takes a name out of its own list only", "[filters][conditions]") {
  const std::vector<ListEntry> plain{{"ads.example"}};
  auto excepted = plain;
  excepted.push_back({"good.ads.example", EntryReach::name_and_below, EntryAction::exception});
  const ConditionedQuestion::Lists lists{make_list(excepted), make_list(plain)};
  CHECK(match(about_lists({0}), "bad.ads.example", lists));
  CHECK_FALSE(match(about_lists({0}), "good.ads.example", lists));
  CHECK(match(about_lists({0, 1}), "good.ads.example", lists));
}

TEST_CASE("lists say the same however often and in however many rules they are asked",
          "[filters][conditions]") {
  ConditionedQuestion::Lists lists;
  // More than are remembered. Every third has the name, the others do not.
  for (std::uint32_t i = 0; i < 100; ++i)
    lists.push_back(make_list({{i % 3 == 0 ? "a.example" : "b.example", EntryReach::name,
                                i % 2 == 0 ? EntryAction::drop : EntryAction::nodata}}));
  const dns::Name name = make_name("a.example");
  const SuffixHashes hashes(name, dns::max_labels, hash_seed);
  ConditionedQuestion question(hashes, lists);
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 100; ++i) {
      CAPTURE(round, i);
      const auto said = question.match(about_lists({i}));
      REQUIRE(said.has_value() == (i % 3 == 0));
      if (said) CHECK(said->effect == (i % 2 == 0 ? ListEffect::drop : ListEffect::nodata));
    }
  }
}

TEST_CASE("a rule's prefixes and the addresses of its lists match an address",
          "[filters][conditions]") {
  NameSet::Builder builder(hash_seed);
  builder.add(*Prefix::from_text("192.0.2.0/24"), EntryAction::drop);
  builder.add(*Prefix::from_text("192.0.2.7"), EntryAction::passthru);
  const ConditionedQuestion::Lists lists{
      make_list({{"a.example"}}), std::make_shared<const NameSet>(std::move(builder).finish())};
  RuleConditions conditions = about_lists({0, 1});
  conditions.answer_prefixes = {*Prefix::from_text("10.0.0.0/8"), *Prefix::from_text("fd00::/8")};
  conditions.lists_have_addresses = true;
  struct Case {
    const char* address;
    std::optional<ListEffect> effect;
  };
  const Case cases[] = {{"10.1.2.3", ListEffect::listed},
                        {"fd00::1", ListEffect::listed},
                        {"11.0.0.1", {}},
                        {"192.0.2.1", ListEffect::drop},
                        {"192.0.2.7", {}},
                        {"2001:db8::1", {}}};
  for (const auto& [address, effect] : cases) {
    CAPTURE(address);
    const auto said = match_address(conditions, lists, *Address::from_text(address));
    REQUIRE(said.has_value() == effect.has_value());
    if (said) CHECK(said->effect == *effect);
  }
}

TEST_CASE("asking lists, patterns and prefixes allocates nothing", "[filters][conditions]") {
  using sluice::tests::AllocationCounter;
  if (!AllocationCounter::is_supported()) SKIP("a sanitizer owns malloc");
  const ConditionedQuestion::Lists lists{make_list({{"a.example"}})};
  auto conditions = about_patterns({"[a-z]+\\.example\\.(com|org)"});
  conditions.lists = {0};
  conditions.answer_prefixes = {*Prefix::from_text("10.0.0.0/8")};
  const dns::Name name = make_name("shop.example.org");
  const auto address = *Address::from_text("10.0.0.1");
  // RE2 fills its tables, within a bound, when it first meets a name.
  REQUIRE(match(conditions, "shop.example.org", lists));

  const AllocationCounter counter;
  const SuffixHashes hashes(name, dns::max_labels, hash_seed);
  ConditionedQuestion question(hashes, lists);
  const bool by_name = question.match(conditions).has_value();
  const bool by_address = match_address(conditions, lists, address).has_value();
  const auto allocations = counter.count();
  CHECK(by_name);
  CHECK(by_address);
  CHECK(allocations == 0);
}
