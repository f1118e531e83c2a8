// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/lists/reading.hpp"

using namespace sluice::lists;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a hosts file lists the names behind addresses", "[lists][hosts]") {
  const auto list = read_list(
      "# hosts\n"
      "127.0.0.1 localhost localhost.localdomain\n"
      "::1\tip6-localhost ip6-loopback\n"
      "fe80::1%lo0 localhost\n"
      "0.0.0.0 0.0.0.0\n"
      "0.0.0.0 ads.example # comment\n"
      "\t127.0.0.1\tone.example  Two.example.\r\n"
      "::  six.example\n",
      Format::hosts, Scope::name_only);
  REQUIRE(list.has_value());
  CHECK(list->bad_line_count == 0);
  CHECK(list->entry_count == 4);
  for (const auto* name : {"ads.example", "one.example", "two.example", "six.example"}) {
    INFO(name);
    CHECK(ask(*list->names, name) == "listed");
    CHECK(ask(*list->names, std::string("x.") + name) == "-");
  }
  CHECK(ask(*list->names, "localhost") == "-");
}

TEST_CASE("the entry scope is for hosts files too", "[lists][hosts]") {
  const auto list = read_list("0.0.0.0 ads.example\n", Format::hosts);
  REQUIRE(list.has_value());
  CHECK(ask(*list->names, "x.ads.example") == "listed");
}

TEST_CASE("bad lines of hosts files are told with their remedy", "[lists][hosts]") {
  struct Case {
    std::string line;
    std::string reason;
    std::size_t entries;
  };
  const std::vector<Case> table{
      {"a.example", "format: Plain", 1},
      {"a.example 0.0.0.0", "format: Plain", 1},
      {"0.0.0.0", "no name behind the address", 1},
      {"0.0.0.0 # x", "no name behind the address", 1},
      {"0.0.0.0 *.a.example", "wildcard", 1},
      {"0.0.0.0 good.example 192.0.2.1 fine.example", "ends in a number", 3},
  };
  for (const Case& entry : table) {
    INFO(entry.line);
    const auto list = read_list("0.0.0.0 ok.example\n" + entry.line, Format::hosts);
    REQUIRE(list.has_value());
    CHECK(list->bad_line_count == 1);
    CHECK(list->entry_count == entry.entries);
    CHECK_THAT(first_problem(list), ContainsSubstring(entry.reason));
  }
}
