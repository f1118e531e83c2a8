// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_text.hpp"

#include <catch2/catch_test_macros.hpp>

using sluice::proxy::log::escape;

TEST_CASE("printable text stays as it is", "[proxy][log]") {
  for (const std::string text : {"", "plain ~", "zażółć", "日本", "🦥", "back\\slash \"quote\""})
    CHECK(escape(text, 100) == text);
}

TEST_CASE("control characters become decimal escapes", "[proxy][log]") {
  CHECK(escape(std::string("a\0b", 3), 100) == R"(a\000b)");
  CHECK(escape("\r\n\t\x1b[2J\x7f", 100) == R"(\013\010\009\027[2J\127)");
  CHECK(escape("\xC2\x85", 100) == R"(\194\133)");  // NEL, one of C1
  CHECK(escape("\xC2\xA0", 100) == "\xC2\xA0");     // the first behind C1
}

TEST_CASE("what is not UTF-8 becomes decimal escapes", "[proxy][log]") {
  struct Case {
    const char* name;
    std::string text;
    std::string expected;
  };
  const Case cases[] = {
      {"lone continuation", "\x80z", R"(\128z)"},
      {"overlong slash", "\xC0\xAF", R"(\192\175)"},
      {"overlong in three", "\xE0\x80\xAF", R"(\224\128\175)"},
      {"surrogate", "\xED\xA0\x80", R"(\237\160\128)"},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80", R"(\244\144\128\128)"},
      {"no lead octet", "\xF5\xFF", R"(\245\255)"},
      {"cut short", "a\xE2\x82", R"(a\226\130)"},
      {"broken off", "\xE2\x82z", R"(\226\130z)"},
  };
  for (const Case& each : cases) {
    INFO(each.name);
    CHECK(escape(each.text, 100) == each.expected);
  }
}

TEST_CASE("long text is cut between characters and says so", "[proxy][log]") {
  CHECK(escape("abcdef", 6) == "abcdef");
  CHECK(escape("abcdefg", 6) == "abc...");
  CHECK(escape("abcdéfg", 7) == "abcd...");
  CHECK(escape("ab\n\n\n", 9) == R"(ab\010...)");
  CHECK(escape("abcdefg", 2) == "..");
}
