// SPDX-License-Identifier: Apache-2.0
#include "lists/text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice;
using namespace sluice::lists;

TEST_CASE("domain names are read as lists write them", "[lists][text]") {
  struct Case {
    std::string text;
    std::string expected;
  };
  const std::vector<Case> table{
      {"example.com", "example.com."},
      {"EXAMPLE.Com", "example.com."},
      {"example.com.", "example.com."},
      {"_dmarc.a-b.example", "_dmarc.a-b.example."},
      {"xn--bcher-kva.example", "xn--bcher-kva.example."},
      {"-odd-.example", "-odd-.example."},
      {"com", "com."},
      {"4chan.example", "4chan.example."},
      {std::string(63, 'a') + ".example", std::string(63, 'a') + ".example."},
  };
  for (const Case& entry : table) {
    INFO(entry.text);
    const Domain domain = parse_domain(entry.text);
    CHECK(domain.problem == "");
    CHECK(dns::to_text(domain.name) == entry.expected);
  }
}

TEST_CASE("what is no domain name is told why", "[lists][text]") {
  struct Case {
    std::string text;
    std::string problem;
  };
  std::string long_name;
  for (int i = 0; i < 64; ++i)
    long_name += "abc.";
  const std::vector<Case> table{
      {"", "empty label"},
      {".", "empty label"},
      {"a..b", "empty label"},
      {".example", "empty label"},
      {"b\xc3\xbc"
       "cher.example",
       "A-label"},
      {"*.example", "wildcard"},
      {"a b", "character that names do not have"},
      {"a/b", "character that names do not have"},
      {std::string("a\0b", 3), "character that names do not have"},
      {std::string(64, 'a') + ".example", "longer than 63"},
      {long_name + "example", "longer than 253"},
      {"192.0.2.1", "ends in a number"},
      {"example.1", "ends in a number"},
  };
  for (const Case& entry : table) {
    INFO(entry.text);
    const auto problem = std::string(parse_domain(entry.text).problem);
    INFO(problem);
    CHECK(problem.find(entry.problem) != problem.npos);
  }
}

TEST_CASE("zones may have names with escapes", "[lists][text]") {
  CHECK(dns::to_text(parse_labels("a\\.B.example").name) == "a\\.b.example.");
  CHECK(dns::to_text(parse_labels("1.0.0.127").name) == "1.0.0.127.");
  CHECK(parse_labels("").name.view().is_root());
  CHECK_FALSE(parse_labels("\xff.example").problem.empty());
  CHECK_FALSE(parse_labels("a..b").problem.empty());
}

TEST_CASE("an excerpt is short and printable", "[lists][text]") {
  CHECK(excerpt_of("a\tb\x1b[31m\xc3") == "a\\x09b\\x1b[31m\\xc3");
  CHECK(excerpt_of(std::string(81, 'x')) == std::string(80, 'x') + "...");
  CHECK(excerpt_of("") == "");
}

TEST_CASE("words are cut at blanks and tabs", "[lists][text]") {
  std::string_view text = " \tone two\t";
  CHECK(take_word(text) == "one");
  CHECK(take_word(text) == "two");
  CHECK(take_word(text) == "");
  CHECK(trim(" \t a b \t") == "a b");
  CHECK(trim(" ") == "");
}
