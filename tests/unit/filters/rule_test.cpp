// SPDX-License-Identifier: Apache-2.0
#include "filters/rule.hpp"

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

TEST_CASE("the four forms of a pattern are read", "[filters][rule]") {
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
    const auto pattern = Pattern::from_text(text);
    REQUIRE(pattern);
    CHECK(dns::to_text(pattern->name) == name);
    CHECK(pattern->apex == apex);
    CHECK(pattern->below == below);
  }
}

TEST_CASE("every other spelling of a pattern is refused", "[filters][rule]") {
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
    CHECK_FALSE(Pattern::from_text(text));
  }
}
