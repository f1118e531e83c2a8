// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/lists/reading.hpp"

using namespace sluice::lists;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("rules of ad blockers that are about names alone are understood", "[lists][adblock]") {
  const auto list = read_list(
      "[Adblock Plus 2.0]\n"
      "! Title: a list\n"
      "# a comment\n"
      "||ads.example^\n"
      "||Bar.example^|\n"
      "||*.below.example^\n"
      "@@||good.ads.example^\n"
      "@@||best.ads.example^|\n"
      "||bad.good.ads.example^$important\n"
      "@@||really.bad.good.ads.example^$important\n"
      "||all.example^$all\n"
      "alone.example\n"
      "commented.example # why\n"
      "0.0.0.0 host.example\n"
      "ads.example##.banner\n"
      "~a.example,b.example#@#.banner\n"
      "a.example#?#div:has(> a)\n"
      "##.ad\n",
      Format::adblock);
  REQUIRE(list.has_value());
  CHECK(first_problem(list) == "");
  CHECK(list->skipped_count == 4);
  CHECK(list->entry_count == 11);
  struct Case {
    const char* name;
    const char* expected;
  };
  const std::vector<Case> table{
      {"ads.example", "listed"},
      {"x.ads.example", "listed"},
      {"nads.example", "-"},
      {"bar.example", "listed"},
      {"below.example", "-"},
      {"x.below.example", "listed"},
      {"good.ads.example", "-"},
      {"x.good.ads.example", "-"},
      {"best.ads.example", "-"},
      {"bad.good.ads.example", "listed"},
      {"really.bad.good.ads.example", "-"},
      {"all.example", "listed"},
      {"alone.example", "listed"},
      {"x.alone.example", "-"},
      {"commented.example", "listed"},
      {"host.example", "listed"},
      {"x.host.example", "-"},
  };
  for (const Case& entry : table) {
    INFO(entry.name);
    CHECK(ask(*list->names, entry.name) == entry.expected);
  }
}

TEST_CASE("rules that need a browser are refused by name", "[lists][adblock]") {
  struct Case {
    std::string line;
    std::string reason;
  };
  const std::vector<Case> table{
      {"||a.example^$third-party", "'third-party'"},
      {"||a.example^$important,script", "'script'"},
      {"||a.example^$dnstype=AAAA", "'dnstype'"},
      {"||a.example^$badfilter", "'badfilter'"},
      {"@@||a.example^$document", "'document'"},
      {"/ads[0-9]+/", "regular expression"},
      {"/^ads\\./$important", "regular expression"},
      {"||a.example", "expected ||name^"},
      {"||a.example/path^", "character"},
      {"||a.example^path", "expected ||name^"},
      {"||a*.example^", "only '*.' in front"},
      {"@@||*.a.example^", "only '*.' in front"},
      {"||192.0.2.1^", "ends in a number"},
      {"|a.example|", "neither"},
      {"@@a.example", "neither"},
      {".a.example^", "neither"},
      {"/banner/*/img^", "addresses of pages"},
      {"-ad-banner.", "neither"},
      {"b\xc3\xbc"
       "cher.example",
       "A-label"},
      {"two words", "neither"},
  };
  for (const Case& entry : table) {
    INFO(entry.line);
    const auto list = read_list("||ok.example^\n" + entry.line, Format::adblock);
    REQUIRE(list.has_value());
    CHECK(list->bad_line_count == 1);
    CHECK(list->entry_count == 1);
    CHECK_THAT(first_problem(list), ContainsSubstring(entry.reason));
  }
}
