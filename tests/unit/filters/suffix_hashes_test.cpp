// SPDX-License-Identifier: Apache-2.0
#include "filters/suffix_hashes.hpp"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

TEST_CASE("a suffix hashes as it does when it is a name of its own", "[filters][suffix_hashes]") {
  const auto long_label = std::string(63, 'x');
  const auto name = make_name("a.bc.def.g234567.h2345678." + std::string(15, 'i') + "." +
                              std::string(16, 'j') + "." + long_label + ".example");
  const SuffixHashes whole(name, dns::max_labels, 7);
  REQUIRE(whole.label_count() == 9);
  for (std::size_t labels = 0; labels <= whole.label_count(); ++labels) {
    CAPTURE(labels);
    const SuffixHashes part(whole.suffix(labels), dns::max_labels, 7);
    CHECK(part.label_count() == labels);
    CHECK(part.hash(labels) == whole.hash(labels));
  }
  CHECK(whole.suffix(0).is_root());
  CHECK(whole.suffix(9) == name.view());
}

TEST_CASE("suffixes deeper than asked for are not hashed", "[filters][suffix_hashes]") {
  const auto name = make_name("a.b.c.example");
  const SuffixHashes hashes(name, 2, 7);
  CHECK(hashes.deepest() == 2);
  CHECK(hashes.label_count() == 4);
  CHECK(hashes.hash(2) == SuffixHashes(make_name("c.example"), 9, 7).hash(2));
}

TEST_CASE("the name with the most labels that DNS allows is hashed", "[filters][suffix_hashes]") {
  std::string text;
  for (std::size_t i = 0; i < dns::max_labels; ++i)
    text += "a.";
  const auto name = make_name(text);
  const SuffixHashes hashes(name, dns::max_labels, 7);
  CHECK(hashes.label_count() == dns::max_labels);
  CHECK(hashes.suffix(dns::max_labels) == name.view());
}

TEST_CASE("where labels are cut and where octets stand makes a difference",
          "[filters][suffix_hashes]") {
  std::set<std::uint64_t> seen;
  const std::string a(32, 'a');
  for (const auto& text :
       {std::string("ab.c"), std::string("a.bc"), std::string("abc"), std::string("cba"),
        std::string("c.ab"), a, a + "a", a + "b", "b" + a, a.substr(16) + "." + a.substr(16)}) {
    const auto name = make_name(text);
    const SuffixHashes hashes(name, dns::max_labels, 7);
    CHECK(seen.insert(hashes.hash(hashes.label_count())).second);
  }
}

TEST_CASE("another seed gives other hashes", "[filters][suffix_hashes]") {
  const auto name = make_name("example");
  CHECK(SuffixHashes(name, 1, 1).hash(1) != SuffixHashes(name, 1, 2).hash(1));
  CHECK(SuffixHashes(name, 1, 1).hash(0) != SuffixHashes(name, 1, 2).hash(0));
}

// Seeds are random, but a small one must not make the table slow either.
TEST_CASE("numbered labels spread over the low and high bits with a small seed",
          "[filters][suffix_hashes]") {
  constexpr std::size_t names = 4096;
  std::set<std::uint64_t> low;
  std::set<std::uint64_t> high;
  for (std::size_t i = 0; i < names; ++i) {
    const SuffixHashes hashes(make_name("r" + std::to_string(i) + ".example"), 2, 0);
    low.insert(hashes.hash(2) % names);
    high.insert(hashes.hash(2) >> 52);
  }
  // 4,096 throws into 4,096 places leave 1/e of them empty: about 2,589 are taken.
  CHECK(low.size() > 2450);
  CHECK(high.size() > 2450);
}
