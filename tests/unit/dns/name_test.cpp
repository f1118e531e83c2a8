// SPDX-License-Identifier: Apache-2.0
#include "dns/name.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace sluice::dns {
namespace {

Name name(std::string_view text) {
  const auto result = Name::from_text(text);
  REQUIRE(result.has_value());
  return *result;
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += piece;
  return text;
}

std::vector<std::uint8_t> wire_of(NameView view) {
  return {view.wire().begin(), view.wire().end()};
}

}  // namespace

TEST_CASE("names that are well-formed text are read and written", "[dns][name]") {
  struct Case {
    std::string text;
    std::string written;
    std::size_t size;
    std::size_t labels;
  };
  const std::string label63(63, 'a');
  const std::vector<Case> cases{
      {".", ".", 1, 0},
      {"example", "example.", 9, 1},
      {"example.", "example.", 9, 1},
      {"WWW.Example.", "WWW.Example.", 13, 2},
      {R"(a\.b.example.)", R"(a\.b.example.)", 13, 2},
      {R"(a\046b.example.)", R"(a\.b.example.)", 13, 2},
      {R"(\000.example.)", R"(\000.example.)", 11, 2},
      {R"(\255\127\032.)", R"(\255\127\032.)", 5, 1},
      {R"(a b.)", R"(a\032b.)", 5, 1},
      {R"(\"\;\$\@\(\)\\.)", R"(\"\;\$\@\(\)\\.)", 9, 1},
      {R"(\a.)", "a.", 3, 1},
      {"*.example.", "*.example.", 11, 2},
      {"_dns._tcp.example.", "_dns._tcp.example.", 19, 3},
      {"\xc3\xa4.", R"(\195\164.)", 4, 1},
      {label63 + ".", label63 + ".", 65, 1},
      {repeated("a.", 127), repeated("a.", 127), 255, 127},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const Name parsed = name(c.text);
    CHECK(to_text(parsed) == c.written);
    CHECK(parsed.size() == c.size);
    CHECK(parsed.view().label_count() == c.labels);
  }
}

TEST_CASE("text that is not a name is refused with its reason", "[dns][name]") {
  struct Case {
    std::string text;
    WireError error;
  };
  const std::vector<Case> cases{
      {"", WireError::bad_text},
      {"..", WireError::bad_text},
      {".example.", WireError::bad_text},
      {"a..b.", WireError::bad_text},
      {"\\", WireError::bad_text},
      {R"(a\)", WireError::bad_text},
      {R"(\1)", WireError::bad_text},
      {R"(\12.)", WireError::bad_text},
      {R"(\1x2.)", WireError::bad_text},
      {R"(\256.)", WireError::bad_text},
      {R"(\999.)", WireError::bad_text},
      {std::string(64, 'a') + ".", WireError::bad_label},
      {repeated("a.", 128), WireError::name_too_long},
      {repeated(std::string(63, 'a') + ".", 4), WireError::name_too_long},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const auto result = Name::from_text(c.text);
    REQUIRE(result.has_error());
    CHECK(result.error() == c.error);
  }
}

TEST_CASE("a label that does not fit leaves the name as it was", "[dns][name]") {
  Name full = name(repeated(std::string(62, 'a') + ".", 4));  // 253 octets
  const std::array<std::uint8_t, 64> octets{};
  CHECK_FALSE(full.append_label(std::span(octets).first(2)));
  CHECK(full.size() == 253);
  CHECK_FALSE(full.append_label({}));
  CHECK(full.append_label(std::span(octets).first(1)));
  CHECK(full.size() == 255);
  Name root;
  CHECK_FALSE(root.append_label(octets));
  CHECK(root.view().is_root());
}

TEST_CASE("lower case is ASCII only and leaves length octets alone", "[dns][name]") {
  Name mixed = name(R"(AZ@\091.\192\222.)");
  mixed.lower();
  CHECK(mixed == name(R"(az@\091.\192\222.)"));
  Name sized;
  const std::vector<std::uint8_t> label(63, 'Z');
  REQUIRE(sized.append_label(label));
  sized.lower();
  CHECK(sized.view().wire()[0] == 63);
  CHECK(sized.view().first_label()[62] == 'z');
}

TEST_CASE("names differ in octets and are equal whatever the case only when asked so",
          "[dns][name]") {
  CHECK(name("www.example.") == name("www.example"));
  CHECK_FALSE(name("WWW.example.") == name("www.example."));
  CHECK(equal_ignoring_case(name("WWW.example."), name("www.EXAMPLE.")));
  CHECK_FALSE(equal_ignoring_case(name("ww.example."), name("www.example.")));
  CHECK_FALSE(equal_ignoring_case(name(R"(a\.b.)"), name("a.b.")));
  // 0x40 and 0x60 differ in the bit that makes case but are no letters.
  CHECK_FALSE(equal_ignoring_case(name(R"(\@.)"), name("`.")));
}

TEST_CASE("a name is within a zone only at a label boundary", "[dns][name]") {
  struct Case {
    std::string name;
    std::string zone;
    bool within;
  };
  const std::vector<Case> cases{
      {"www.example.", "example.", true},
      {"example.", "example.", true},
      {"example.", ".", true},
      {".", ".", true},
      {".", "example.", false},
      {"badexample.", "example.", false},
      {"example.", "www.example.", false},
      {R"(www\.example.)", "example.", false},
      {R"(x\007example.)", "example.", false},
      {R"(blocked\000.example.)", "blocked.example.", false},
      {R"(blocked.example\000.net.)", "blocked.example.", false},
      {"a.b.c.example.", "c.example.", true},
  };
  for (const Case& c : cases) {
    INFO(c.name << " within " << c.zone);
    CHECK(name(c.name).view().is_within(name(c.zone)) == c.within);
  }
}

TEST_CASE("a name is taken apart from the left", "[dns][name]") {
  const Name www = name("www.example.");
  const auto label = www.view().first_label();
  CHECK(std::string(label.begin(), label.end()) == "www");
  CHECK(www.view().parent() == name("example.").view());
  CHECK(www.view().parent().parent().is_root());
  CHECK(NameView().is_root());
  CHECK(NameView() == Name().view());
}

TEST_CASE("a copied name is a name of its own", "[dns][name]") {
  Name original = name("www.example.");
  Name copy = original;
  original = name("other.");
  CHECK(copy == name("www.example."));
  copy = *&copy;
  CHECK(copy == name("www.example."));
}

TEST_CASE("random names survive the way to text and back", "[dns][name]") {
  std::mt19937 random(1035);  // NOLINT(bugprone-random-generator-seed): the same names every time
  for (int round = 0; round < 2000; ++round) {
    Name original;
    std::vector<std::uint8_t> label;
    do {
      label.resize(1 + random() % 63);
      for (auto& octet : label)
        octet = static_cast<std::uint8_t>(random());
    } while (original.append_label(label) && random() % 8 != 0);
    const std::string text = to_text(original);
    REQUIRE(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }));
    const auto again = Name::from_text(text);
    REQUIRE(again.has_value());
    CHECK(wire_of(*again) == wire_of(original));
  }
}

}  // namespace sluice::dns
