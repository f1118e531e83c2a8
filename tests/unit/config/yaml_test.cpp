// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "config/yaml_guard.hpp"

using namespace sluice::config;

namespace {

std::string repeat(const std::string& text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i)
    result += text;
  return result;
}

/// The one diagnostic of a text that must not load.
std::string problem_in(const std::string& text) {
  Diagnostics diagnostics;
  const auto documents = parse_yaml(text, "f", diagnostics);
  REQUIRE(documents.empty());
  REQUIRE(diagnostics.size() == 1);
  return to_text(diagnostics.front());
}

std::vector<Node> load(const std::string& text) {
  Diagnostics diagnostics;
  auto documents = parse_yaml(text, "f", diagnostics);
  for (const Diagnostic& diagnostic : diagnostics)
    FAIL(to_text(diagnostic));
  return documents;
}

}  // namespace

TEST_CASE("every document that is not empty is returned, with its lines", "[config][yaml]") {
  const auto documents = load("---\n# nothing\n---\na: 1\n---\nb:\n- x\n- y\n");
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].line() == 4);
  CHECK(documents[1]["b"].items()[1].line() == 8);
}

TEST_CASE("a text without content has no documents and no problem", "[config][yaml]") {
  CHECK(load("").empty());
  CHECK(load("# a comment\n").empty());
  CHECK(load("---\n---\n...\n").empty());
}

TEST_CASE("a byte order mark, tabs in values and CRLF are read", "[config][yaml]") {
  CHECK(load("\xEF\xBB\xBF"
             "a: 1\n")
            .front()["a"]
            .text() == "1");
  CHECK(load("a: \"x\ty\"\r\nb: z\r\n").front()["b"].text() == "z");
}

TEST_CASE("what is no YAML is told with its line", "[config][yaml]") {
  CHECK(problem_in("a: 1\nb: [1\n") == "f:3: end of sequence flow not found");
  CHECK(problem_in("a: 1\n\tb: 2\n") == "f:2: illegal tab when looking for indentation");
  CHECK(problem_in("a: *nowhere\n") == "f:1: the referenced anchor is not defined");
  CHECK(problem_in("%YAML 99999999999999.1\n---\na\n") ==
        "f:1: bad YAML version: 99999999999999.1");
}

TEST_CASE("binary data is refused before it is parsed", "[config][yaml]") {
  CHECK(problem_in("a: 1\nb: \xFF\xFE\n") == "f:2: the text is not valid UTF-8");
  CHECK(problem_in(std::string("a\0b", 3)).starts_with("f:1: the control character U+0000"));
}

TEST_CASE("text behind U+0004, where yaml-cpp stops reading, is not lost in silence",
          "[config][yaml]") {
  CHECK(problem_in("a: 1\n\x04\nb: 2\n") ==
        "f:2: the control character U+0004 is not allowed in YAML; write it as an escape in double "
        "quotes if it is meant");
}

TEST_CASE("UTF-8 is checked to the letter", "[config][yaml]") {
  for (const char* good : {"\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "gr\xC3\xBC\xC3\x9F"}) {
    CAPTURE(good);
    CHECK_FALSE(find_bad_character(good).has_value());
  }
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CAPTURE(bad);
    CHECK(find_bad_character(bad).has_value());
  }
}

TEST_CASE("a text above the size limit is refused", "[config][yaml]") {
  CHECK(problem_in(std::string(max_yaml_octets + 1, ' ')) ==
        "f: the text has 4194305 octets; at most 4194304 are read");
  CHECK(load(std::string(max_yaml_octets, ' ')).empty());
}

TEST_CASE("nesting is allowed up to the depth limit", "[config][yaml]") {
  CHECK(load(repeat("- ", max_yaml_depth - 1) + "x").size() == 1);
  CHECK(problem_in(repeat("- ", max_yaml_depth) + "x") ==
        "f:1: lists and mappings are nested more than 64 levels deep");
  CHECK(problem_in(repeat("[", 100'000)).ends_with("found a list"));
  CHECK(problem_in(repeat("- ", 100'000)).ends_with("more than 64 levels deep"));
}

TEST_CASE("an alias brings its own depth", "[config][yaml]") {
  const std::string deep = "- &a " + repeat("[", 40) + repeat("]", 40) + "\n- ";
  CHECK(load(deep + repeat("[", 23) + "*a" + repeat("]", 23)).size() == 1);
  CHECK(problem_in(deep + repeat("[", 24) + "*a" + repeat("]", 24)) ==
        "f:2: lists and mappings are nested more than 64 levels deep");
}

TEST_CASE("more values than the limit are refused", "[config][yaml]") {
  CHECK(problem_in(repeat("- a\n", max_yaml_nodes)).find("more than 500000 values") !=
        std::string::npos);
  CHECK(problem_in(repeat("---\n", max_yaml_nodes + 1)).find("more than 500000 values") !=
        std::string::npos);
}

TEST_CASE("aliases are counted as often as they are expanded", "[config][yaml]") {
  // The "billion laughs": ten lines that stand for ten to the ninth values.
  std::string laughs = "- &a0 [x]\n";
  for (int i = 1; i <= 9; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    laughs += "- &a" + std::to_string(i) + " [" + repeat(alias + ", ", 9) + alias + "]\n";
  }
  CHECK(problem_in(laughs) ==
        "f:7: more than 500000 values; each use of an alias counts as often as the values that it "
        "stands for");
}

TEST_CASE("an alias that is used within reason is expanded", "[config][yaml]") {
  const auto documents = load("a: &x {k: v}\nb: *x\n");
  CHECK(documents.front()["b"]["k"].text() == "v");
}

TEST_CASE("a node that contains itself is refused", "[config][yaml]") {
  const std::string message = "an alias must not stand inside the node that it names";
  CHECK(problem_in("&a [*a]") == "f:1: " + message);
  CHECK(problem_in("x: &a\n  y:\n    z: *a\n") == "f:3: " + message);
}

TEST_CASE("anchors end with their document", "[config][yaml]") {
  CHECK(problem_in("a: &x 1\n---\nb: *x\n") == "f:3: the referenced anchor is not defined");
}

TEST_CASE("a key that stands twice is refused", "[config][yaml]") {
  CHECK(problem_in("a: 1\nb: 2\na: 3\n") == "f:3: the key 'a' stands twice in the same mapping");
  CHECK(problem_in("x: {a: 1, \"a\": 2}\n") == "f:1: the key 'a' stands twice in the same mapping");
  CHECK(problem_in("a: 1\n\"a\": &b 2\n").find("stands twice") != std::string::npos);
  CHECK(load("- {a: 1}\n- {a: {a: 2}}\n").size() == 1);
}

TEST_CASE("only strings are keys", "[config][yaml]") {
  CHECK(problem_in("{[1]: 2}").ends_with("expected a string as key, found a list"));
  CHECK(problem_in("? {a: b}\n: c\n").ends_with("expected a string as key, found a mapping"));
  CHECK(problem_in("~: 1\n").ends_with("expected a string as key, found nothing"));
  CHECK(problem_in("a: &x y\n*x : z\n").ends_with("expected a string as key, found an alias"));
}

TEST_CASE("text behind a complete document is not taken for a further one", "[config][yaml]") {
  const std::string message =
      "unexpected text after the end of the document; a further document starts with a line '---'";
  CHECK(problem_in("[a] b\n") == "f:1: " + message);
  CHECK(problem_in("'a'\n'b'\n") == "f:2: " + message);
  CHECK(load("a\n---\nb\n").size() == 2);
  CHECK(load("--- a\n--- b\n").size() == 2);
}

TEST_CASE("nothing that is put together from YAML's own characters crashes or escapes",
          "[config][yaml]") {
  const std::vector<std::string> pieces = {"[",           "{",          "]",
                                           "}",           ",",          ": ",
                                           "- ",          "? ",         "&a ",
                                           "*a ",         "!a ",        "!<",
                                           "|\n",         ">",          "'",
                                           "\"",          "\\x4",       "%",
                                           "@",           "`",          "#",
                                           "\n",          "\t",         " ",
                                           "a",           "1",          "~",
                                           "\r",          "---\n",      "...\n",
                                           "%YAML 1.2\n", "%TAG ! x\n", "\xEF\xBB\xBF",
                                           "<<: ",        "a:\n  "};
  std::mt19937 random(20240229);  // NOLINT: the same texts in every run
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length)
      text += pieces[random() % pieces.size()];
    CAPTURE(text);
    Diagnostics diagnostics;
    const auto documents = parse_yaml(text, "f", diagnostics);
    CHECK((documents.empty() || diagnostics.empty()));
    for (const auto& document : documents)
      CHECK_FALSE(describe(document).empty());
  }
}

TEST_CASE("a missing node has no line", "[config][yaml]") {
  const Node mapping = load("a: 1\n").front();
  CHECK(mapping["b"].line() == 0);
  CHECK(describe(mapping["b"]) == "nothing");
}

TEST_CASE("nodes are described in a person's words", "[config][yaml]") {
  const Node list = load(
                        "- Foo\n- 7\n- '7'\n- 1.5\n- true\n- 'true'\n- []\n- {}\n- ~\n-\n"
                        "- ''\n- 10s\n- 127.0.0.1\n- -3\n")
                        .front();
  const std::vector<std::string> expected = {"the string 'Foo'",
                                             "the number 7",
                                             "the string '7'",
                                             "the number 1.5",
                                             "the boolean true",
                                             "the string 'true'",
                                             "a list",
                                             "a mapping",
                                             "nothing",
                                             "nothing",
                                             "the string ''",
                                             "the string '10s'",
                                             "the string '127.0.0.1'",
                                             "the number -3"};
  REQUIRE(list.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(describe(list.items()[i]) == expected[i]);
}

TEST_CASE("long strings are cut at a character and controls are escaped", "[config][yaml]") {
  CHECK(printable(std::string(41, 'a')) == std::string(40, 'a') + "...");
  CHECK(printable(std::string(39, 'a') + "\xC3\xBC" + "b") == std::string(39, 'a') + "...");
  CHECK(printable("a\nb\x7F") == "a\\x0Ab\\x7F");
  CHECK(describe(load("\"a\\nb\"").front()) == "the string 'a\\x0Ab'");
}

TEST_CASE("only strings count as strings", "[config][yaml]") {
  const Node list = load("[a, '1', \"true\", 1, true, ~, [], {}]").front();
  const std::vector<bool> expected = {true, true, true, false, false, false, false, false};
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(is_string(list.items()[i]) == expected[i]);
}

TEST_CASE("the nearest word is found for a slip and not for another word", "[config][yaml]") {
  const std::vector<std::string> known = {"endpoints", "address", "port", "policy"};
  CHECK(nearest_word("endpoint", known) == "endpoints");
  CHECK(nearest_word("ENDPOINTS", known) == "endpoints");
  CHECK(nearest_word("adress", known) == "address");
  CHECK(nearest_word("prot", known).empty());
  CHECK(nearest_word("ports", known) == "port");
  CHECK(nearest_word("kubernetes", known).empty());
  CHECK(nearest_word("", known).empty());
  CHECK(nearest_word(std::string(100'000, 'a'), known).empty());
}
