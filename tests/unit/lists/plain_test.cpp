// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/lists/reading.hpp"

using namespace sluice::lists;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a plain list says how far each name reaches", "[lists][plain]") {
  const auto list = read_list(
      "# a comment\n"
      "\n"
      "bare.example  # why\n"
      "*.below.example\r\n"
      ".both.example\n"
      "  UPPER.Example.  \n",
      Format::plain, Scope::name_only);
  REQUIRE(list.has_value());
  CHECK(list->bad_line_count == 0);
  CHECK(list->entry_count == 4);
  CHECK(list->line_count == 6);
  CHECK(ask(*list->names, "bare.example") == "listed");
  CHECK(ask(*list->names, "x.bare.example") == "-");
  CHECK(ask(*list->names, "below.example") == "-");
  CHECK(ask(*list->names, "x.below.example") == "listed");
  CHECK(ask(*list->names, "both.example") == "listed");
  CHECK(ask(*list->names, "x.both.example") == "listed");
  CHECK(ask(*list->names, "upper.example") == "listed");
}

TEST_CASE("the entry scope is for names without prefix", "[lists][plain]") {
  const auto list = read_list("a.example\n*.b.example\n", Format::plain);
  REQUIRE(list.has_value());
  CHECK(ask(*list->names, "x.a.example") == "listed");
  CHECK(ask(*list->names, "b.example") == "-");
}

TEST_CASE("bad lines of plain lists are told with their remedy", "[lists][plain]") {
  struct Case {
    std::string line;
    std::string reason;
  };
  const std::vector<Case> table{
      {"b\xc3\xbc"
       "cher.example",
       "A-label"},
      {"0.0.0.0 a.example", "format: Hosts"},
      {"a.example b.example", "one name a line"},
      {"||a.example^", "format: Adblock"},
      {"@@||a.example^", "format: Adblock"},
      {"*", "every name"},
      {".", "every name"},
      {"192.0.2.1", "ends in a number"},
      {"http://a.example/", "character"},
      {"a.*.example", "only '*.' in front"},
      {"..a.example", "empty label"},
      {std::string(20'000, 'a'), "longer than 16384 octets"},
  };
  for (const Case& entry : table) {
    INFO(entry.line.substr(0, 40));
    const auto list = read_list("ok.example\n" + entry.line + "\nalso.example\n", Format::plain);
    REQUIRE(list.has_value());
    CHECK(list->bad_line_count == 1);
    CHECK(list->entry_count == 2);
    REQUIRE(list->bad_lines.size() == 1);
    CHECK(list->bad_lines.front().number == 2);
    CHECK_THAT(list->bad_lines.front().reason, ContainsSubstring(entry.reason));
  }
}
