// SPDX-License-Identifier: Apache-2.0
#include "lists/list_reader.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/lists/reading.hpp"

using namespace sluice::lists;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a list is the same in any chunks, packed or not", "[lists][list_reader]") {
  const std::string text = "a.example\nb.example\nbad line\n";
  for (const std::string& data : {text, gzip(text)}) {
    for (std::size_t chunk = 1; chunk <= data.size(); ++chunk) {
      ListReader reader({.limits = {}, .seed = 1});
      std::string_view rest = data;
      for (; !rest.empty(); rest.remove_prefix(std::min(chunk, rest.size())))
        REQUIRE(reader.feed(octets_of(rest.substr(0, chunk))));
      const auto list = reader.finish();
      REQUIRE(list.has_value());
      CHECK(list->entry_count == 2);
      CHECK(list->bad_lines == std::vector<BadLine>{{3, "bad line", first_problem(list)}});
    }
  }
}

TEST_CASE("an empty list is a list", "[lists][list_reader]") {
  for (const auto format : {Format::plain, Format::hosts, Format::adblock, Format::rpz}) {
    const auto list = read_list("", format);
    REQUIRE(list.has_value());
    CHECK(list->names->size() == 0);
    CHECK(read_list("#", Format::plain).has_value());
  }
}

TEST_CASE("the first ten bad lines are kept, all are counted", "[lists][list_reader]") {
  std::string text = "ok.example\n";
  for (int i = 0; i < 25; ++i)
    text += "not a name\n";
  const auto list = read_list(text, Format::plain);
  REQUIRE(list.has_value());
  CHECK(list->bad_line_count == 25);
  REQUIRE(list->bad_lines.size() == 10);
  CHECK(list->bad_lines.back().number == 11);
}

TEST_CASE("a page instead of a list is refused", "[lists][list_reader]") {
  const auto list = read_list("<!DOCTYPE html>\n<p>Please log in</p>\n", Format::plain);
  REQUIRE_FALSE(list.has_value());
  CHECK_THAT(list.error().reason, ContainsSubstring("no line that can be read"));
  CHECK_THAT(list.error().reason, ContainsSubstring("<!DOCTYPE html>"));
}

TEST_CASE("a list beyond a limit is refused as a whole, and says which", "[lists][list_reader]") {
  const ListOptions few{.limits = {.max_entries = 2}, .seed = 1};
  CHECK(read_list("a.example\nb.example\n", few).has_value());
  CHECK(first_problem(read_list("a.example\nb.example\nc.example", few)) ==
        "has more than 2 entries, the limit of lists.maxEntries");
  const ListOptions small{.limits = {.max_octets = 20}, .seed = 1};
  CHECK(read_list("a.example\n", small).has_value());
  CHECK(first_problem(read_list("a.example\nb.example\nc.example", small)) ==
        "has more than 20 octets, the limit of lists.maxBytes");
  CHECK_THAT(first_problem(
                 read_list(gzip(std::string(60, '#')), {.limits = {.max_octets = 50}, .seed = 1})),
             ContainsSubstring("inflates to more than 50 octets"));
}

TEST_CASE("a list that is cut in its packing is refused", "[lists][list_reader]") {
  const std::string data = gzip("a.example\nb.example\n");
  CHECK(first_problem(read_list(data.substr(0, data.size() - 3), Format::plain)) ==
        "the gzip data ends before its end");
}
