// SPDX-License-Identifier: Apache-2.0
#include "filters/name_set.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "filters/name_set_builder.hpp"
#include "tests/support/allocation_counter.hpp"
#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

constexpr std::uint64_t seed = 4711;

using A = EntryAction;
using R = EntryReach;

struct Entry {
  std::string name;
  R reach = R::name;
  A action = A::listed;
};

NameSet make_set(const std::vector<Entry>& entries) {
  NameSet::Builder builder(seed);
  for (const Entry& entry : entries)
    builder.add(make_name(entry.name), entry.reach, entry.action);
  return std::move(builder).finish();
}

std::optional<ListMatch> find(const NameSet& set, const std::string& text) {
  const dns::Name name = make_name(text);
  return set.find(SuffixHashes(name, set.deepest(), set.seed()));
}

/// The effect in a word.
std::string say(const std::optional<ListMatch>& match) {
  if (!match) return "-";
  switch (match->effect) {
    case ListEffect::listed:
      return "listed";
    case ListEffect::nxdomain:
      return "nxdomain";
    case ListEffect::nodata:
      return "nodata";
    case ListEffect::drop:
      return "drop";
    case ListEffect::local_data:
      break;
  }
  if (match->local_data->canonical_name) return to_text(*match->local_data->canonical_name);
  std::string text;
  for (const Address& address : match->local_data->addresses)
    text += (text.empty() ? "" : " ") + to_text(address);
  return text;
}

Rewrite addresses(std::initializer_list<std::string_view> texts) {
  Rewrite data;
  for (const auto text : texts)
    data.addresses.push_back(*Address::from_text(text));
  return data;
}

Rewrite alias(std::string_view target) {
  Rewrite data;
  data.canonical_name = make_name(target);
  return data;
}

struct Question {
  std::string note;
  std::vector<Entry> entries;
  std::string name;
  std::string expected;
};

}  // namespace

TEST_CASE("an empty set matches nothing", "[filters][name_set]") {
  const NameSet set;
  CHECK(say(find(set, "example")) == "-");
  CHECK_FALSE(set.find(*Address::from_text("192.0.2.1")));
  CHECK_FALSE(set.has_addresses());
  CHECK(set.size() == 0);
}

TEST_CASE("what a list says of a name", "[filters][name_set]") {
  const std::vector<Question> table{
      {"the name itself", {{"a.example"}}, "a.example", "listed"},
      {"nothing below it", {{"a.example"}}, "x.a.example", "-"},
      {"nothing above it", {{"a.example"}}, "example", "-"},
      {"below only: not the name", {{"a.example", R::below}}, "a.example", "-"},
      {"below only: a child", {{"a.example", R::below}}, "x.a.example", "listed"},
      {"below only: a grandchild", {{"a.example", R::below}}, "y.x.a.example", "listed"},
      {"both: the name", {{"a.example", R::name_and_below}}, "a.example", "listed"},
      {"both: a child", {{"a.example", R::name_and_below}}, "x.a.example", "listed"},
      {"a neighbour that ends alike", {{"a.example", R::name_and_below}}, "ba.example", "-"},
      {"reaches add up", {{"a.example"}, {"a.example", R::below}}, "x.a.example", "listed"},
      {"the root reaches everything", {{".", R::name_and_below}}, "x.example", "listed"},
      {"the most specific action counts",
       {{"example", R::below, A::nxdomain}, {"a.example", R::name, A::nodata}},
       "a.example",
       "nodata"},
      {"passthru is more specific",
       {{"example", R::below, A::nxdomain}, {"a.example", R::name, A::passthru}},
       "a.example",
       "-"},
      {"a more specific action under a passthru",
       {{"example", R::below, A::passthru}, {"a.example", R::name, A::drop}},
       "a.example",
       "drop"},
      {"actions at and below one name: at",
       {{"example", R::name, A::drop}, {"example", R::below, A::nodata}},
       "example",
       "drop"},
      {"actions at and below one name: below",
       {{"example", R::name, A::drop}, {"example", R::below, A::nodata}},
       "a.example",
       "nodata"},
      {"the first of two actions counts",
       {{"example", R::name, A::drop}, {"example", R::name, A::nodata}},
       "example",
       "drop"},
      {"an exception above",
       {{"a.example", R::name_and_below}, {"example", R::name, A::exception}},
       "a.example",
       "-"},
      {"an exception below",
       {{"example", R::name_and_below}, {"a.example", R::name, A::exception}},
       "x.a.example",
       "-"},
      {"an exception elsewhere",
       {{"example", R::name_and_below}, {"a.example", R::name, A::exception}},
       "b.example",
       "listed"},
      {"an exception on the same name",
       {{"a.example", R::name, A::exception}, {"a.example", R::name_and_below}},
       "a.example",
       "-"},
      {"important goes before an exception",
       {{"example", R::name_and_below, A::important}, {"a.example", R::name, A::exception}},
       "a.example",
       "listed"},
      {"an important exception goes before that",
       {{"a.example", R::name_and_below, A::important},
        {"example", R::name, A::important_exception}},
       "a.example",
       "-"},
      {"important is only where it applies",
       {{"example", R::name, A::important}, {"example", R::name, A::exception}},
       "a.example",
       "-"},
  };
  for (const Question& question : table) {
    INFO(question.note);
    CHECK(say(find(make_set(question.entries), question.name)) == question.expected);
  }
}

TEST_CASE("local data of many kinds is found where it belongs", "[filters][name_set]") {
  NameSet::Builder builder(seed);
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    CHECK(builder.add_local_data(make_name("n" + number + ".example"), R::name,
                                 addresses({"192.0.2." + number})) == LocalDataProblem::none);
    CHECK(builder.add_local_data(make_name("n" + number + ".example"), R::below,
                                 alias("to" + number + ".example")) == LocalDataProblem::none);
  }
  builder.add(make_name("n3.example"), R::below, A::nxdomain);
  const NameSet set = std::move(builder).finish();
  CHECK(set.size() == 20);
  CHECK(say(find(set, "n0.example")) == "192.0.2.0");
  CHECK(say(find(set, "n19.example")) == "192.0.2.19");
  CHECK(say(find(set, "x.n19.example")) == "to19.example.");
  CHECK(say(find(set, "n3.example")) == "192.0.2.3");
  CHECK(say(find(set, "x.n3.example")) == "nxdomain");
}

TEST_CASE("addresses of one name are answered together, up to eight", "[filters][name_set]") {
  NameSet::Builder builder(seed);
  const dns::Name name = make_name("a.example");
  for (int i = 0; i < 8; ++i) {
    CHECK(builder.add_local_data(name, R::name, addresses({"192.0.2." + std::to_string(i)})) ==
          LocalDataProblem::none);
  }
  CHECK(builder.add_local_data(name, R::name, addresses({"192.0.2.9"})) ==
        LocalDataProblem::too_many_addresses);
  CHECK(builder.add_local_data(name, R::name, alias("b.example")) == LocalDataProblem::conflict);
  CHECK(builder.size() == 1);
  const NameSet set = std::move(builder).finish();
  CHECK(find(set, "a.example")->local_data->addresses.size() == 8);
}

TEST_CASE("a list with too many kinds of local data says so", "[filters][name_set]") {
  NameSet::Builder builder(seed);
  const dns::Name name = make_name("a.example");
  Rewrite data = addresses({"192.0.2.1"});
  for (std::size_t i = 0; i < NameSet::Builder::max_local_data; ++i) {
    data.ttl_seconds = static_cast<std::uint32_t>(i);
    const dns::Name other = make_name("n" + std::to_string(i) + ".example");
    if (builder.add_local_data(other, R::name, data) != LocalDataProblem::none) FAIL(i);
  }
  CHECK(builder.add_local_data(name, R::name, data) == LocalDataProblem::none);
  CHECK(builder.add_local_data(make_name("b.example"), R::name, alias("c.example")) ==
        LocalDataProblem::too_many_kinds);
}

TEST_CASE("the longest prefix of an address decides", "[filters][name_set]") {
  NameSet::Builder builder(seed);
  builder.add(*Prefix::from_text("10.0.0.0/8"), A::nxdomain);
  builder.add(*Prefix::from_text("10.1.0.0/16"), A::passthru);
  builder.add(*Prefix::from_text("10.1.2.3"), A::drop);
  builder.add(*Prefix::from_text("::/0"), A::nodata);
  CHECK(builder.add_local_data(*Prefix::from_text("10.2.0.0/16"), alias("w.example")) ==
        LocalDataProblem::none);
  const NameSet set = std::move(builder).finish();
  CHECK(set.has_addresses());
  CHECK(set.size() == 5);
  const auto ask = [&set](std::string_view text) {
    return say(set.find(*Address::from_text(text)));
  };
  CHECK(ask("10.9.9.9") == "nxdomain");
  CHECK(ask("10.1.9.9") == "-");
  CHECK(ask("10.1.2.3") == "drop");
  CHECK(ask("10.2.0.1") == "w.example.");
  CHECK(ask("11.0.0.1") == "-");
  CHECK(ask("2001:db8::1") == "nodata");
}

TEST_CASE("a hundred thousand names are all found, their neighbours are not",
          "[filters][name_set]") {
  constexpr int count = 100'000;
  NameSet::Builder builder(seed);
  for (int i = 0; i < count; ++i)
    builder.add(make_name("ads" + std::to_string(i) + ".example"), R::name_and_below);
  const NameSet set = std::move(builder).finish();
  REQUIRE(set.size() == count);
  CHECK(set.deepest() == 2);
  CHECK(set.memory() <= count * 12);
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    wrong += find(set, "x.ads" + number + ".example") ? 0 : 1;
    wrong += find(set, "nads" + number + ".example") ? 1 : 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("duplicates cost no memory", "[filters][name_set]") {
  NameSet::Builder builder(seed);
  for (int i = 0; i < 10'000; ++i)
    builder.add(make_name("ads" + std::to_string(i % 1000) + ".example"), R::name);
  CHECK(builder.size() == 10'000);
  const NameSet set = std::move(builder).finish();
  CHECK(set.size() == 1000);
  CHECK(set.memory() <= 1000 * 12);
  CHECK(find(set, "ads999.example"));
}

TEST_CASE("a lookup allocates nothing", "[filters][name_set]") {
  if (!tests::AllocationCounter::is_supported()) SKIP("the sanitizer has its own malloc");
  const NameSet set = make_set({{"example", R::below, A::nxdomain}, {"a.example", R::name}});
  const dns::Name name = make_name("b.a.example");
  const Address address = *Address::from_text("192.0.2.1");
  const tests::AllocationCounter counter;
  CHECK(set.find(SuffixHashes(name, set.deepest(), set.seed())));
  CHECK_FALSE(set.find(address));
  CHECK(counter.count() == 0);
}
