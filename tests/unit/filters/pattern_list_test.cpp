// SPDX-License-Identifier: Apache-2.0
#include "filters/pattern_list.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace sluice;
using namespace sluice::filters;

namespace {

/// 253 characters, the longest name there is.
std::string longest_name() {
  const std::string label(63, 'a');
  return label + "." + label + "." + label + "." + std::string(61, 'b');
}

}  // namespace

TEST_CASE("the four forms of a pattern are read", "[filters][pattern_list]") {
  struct Case {
    std::string text;
    std::string name;
    bool apex;
    bool below;
  };
  const Case cases[] = {
      {"example.com", "example.com.", true, false},
      {"*.example.com", "example.com.", false, true},
      {".example.com", "example.com.", true, true},
      {"*", ".", true, true},
      {"com", "com.", true, false},
      {"*.com", "com.", false, true},
      {"_dns._tcp.a-b.xn--p1ai", "_dns._tcp.a-b.xn--p1ai.", true, false},
      {"1.0.0.127.in-addr.arpa", "1.0.0.127.in-addr.arpa.", true, false},
      {std::string(63, 'x') + ".y", std::string(63, 'x') + ".y.", true, false},
      {longest_name(), longest_name() + ".", true, false},
  };
  for (const auto& [text, name, apex, below] : cases) {
    CAPTURE(text);
    PatternList list;
    REQUIRE(list.add(text));
    const Pattern pattern = list[0];
    CHECK(dns::to_text(pattern.name) == name);
    CHECK(pattern.apex == apex);
    CHECK(pattern.below == below);
    CHECK(is_pattern(text));
  }
}

TEST_CASE("patterns are kept in their order, and copied with their list",
          "[filters][pattern_list]") {
  PatternList list;
  CHECK(list.empty());
  CHECK(list.begin() == list.end());
  for (const std::string& text : {std::string("a.example"), std::string("*"),
                                  "*." + longest_name().substr(2), std::string(".b")})
    REQUIRE(list.add(text));
  CHECK_FALSE(list.add("B"));
  const PatternList copy = list;
  list.shrink_to_fit();
  for (const PatternList& same : {copy, list}) {
    CHECK(same.size() == 4);
    std::string names;
    for (const Pattern pattern : same)
      names += dns::to_text(pattern.name).substr(0, 4) + (pattern.below ? "+ " : " ");
    CHECK(names == "a.ex .+ aaaa+ b.+ ");
  }
}

TEST_CASE("every other spelling of a pattern is refused", "[filters][pattern_list]") {
  const std::string cases[] = {"",
                               ".",
                               "*.",
                               "..",
                               "**",
                               "*.*",
                               "*com",
                               "*.*.com",
                               "a.*.com",
                               "..com",
                               "*..com",
                               ".*.com",
                               "a..com",
                               "example.com.",
                               "Example.com",
                               "-a.com",
                               "a-.com",
                               "-",
                               "a b.com",
                               "a/b",
                               "a\\.b",
                               "[^a]",
                               "m\xc3\xbcnchen.de",
                               std::string("a\0b", 3),
                               std::string(64, 'x'),
                               "." + longest_name()};
  for (const auto& text : cases) {
    CAPTURE(text);
    CHECK_FALSE(PatternList().add(text));
    CHECK_FALSE(is_pattern(text));
  }
}
