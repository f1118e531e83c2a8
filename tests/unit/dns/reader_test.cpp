// SPDX-License-Identifier: Apache-2.0
#include "dns/reader.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

using tests::parse_hex;

constexpr std::string_view header = "000000000000000000000000";

std::vector<std::uint8_t> message(std::string_view hex) {
  return parse_hex(std::string(header) + std::string(hex));
}

/// The name at `position`, as text, or what is wrong with it.
std::string read_name(std::span<const std::uint8_t> octets, std::size_t position) {
  // A heap buffer of exactly this size: AddressSanitizer sees an overread of one octet.
  const std::vector<std::uint8_t> exact(octets.begin(), octets.end());
  Reader reader(exact, position);
  Name name;
  reader.name(name);
  if (!reader.ok()) return "error " + std::to_string(static_cast<int>(reader.error()));
  return to_text(name) + " to " + std::to_string(reader.position());
}

std::string error(WireError error) {
  return "error " + std::to_string(static_cast<int>(error));
}

}  // namespace

TEST_CASE("integers are big-endian and octets are where they stand", "[dns][reader]") {
  const auto octets = parse_hex("01 0203 04050607 0809");
  Reader reader(octets);
  CHECK(reader.u8() == 1);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.remaining() == 2);
  CHECK(reader.octets(2).data() == octets.data() + 7);
  CHECK(reader.ok());
  CHECK(reader.remaining() == 0);
}

TEST_CASE("reading nothing at the end is fine", "[dns][reader]") {
  const auto octets = parse_hex("01");
  Reader reader(octets, 1);
  CHECK(reader.octets(0).empty());
  reader.skip(0);
  CHECK(reader.ok());
}

TEST_CASE("the first error sticks and everything behind it reads as nothing", "[dns][reader]") {
  const auto octets = parse_hex("010203");
  Reader reader(octets);
  CHECK(reader.u32() == 0);
  REQUIRE_FALSE(reader.ok());
  reader.fail(WireError::bad_opt);
  CHECK(reader.error() == WireError::truncated);
  CHECK(reader.u8() == 0);
  CHECK(reader.u16() == 0);
  CHECK(reader.octets(1).empty());
  CHECK(reader.remaining() == 0);
  Name name;
  reader.name(name);
  reader.skip_name();
  CHECK(name.view().is_root());
  CHECK(reader.error() == WireError::truncated);
}

TEST_CASE("names are read with their pointers", "[dns][reader]") {
  struct Case {
    std::string note;
    std::string hex;  ///< behind a header of zeros, the name in question last
    std::size_t position;
    std::string result;
  };
  const std::vector<Case> cases{
      {"root", "00", 12, ". to 13"},
      {"plain", "03777777 076578616d706c65 00", 12, "www.example. to 25"},
      {"case is kept", "0357775700", 12, "WwW. to 17"},
      {"NUL, dot and quote in a label", "0400 2e 22 41 00", 12, R"(\000\.\"A. to 18)"},
      {"pointer only", "0161 00 c00c", 15, "a. to 17"},
      {"pointer behind a label", "0161 00 0162 c00c", 15, "b.a. to 19"},
      {"pointer to a pointer", "0161 00 c00c c00f", 17, "a. to 19"},
      {"pointer to a root", "00 0162 c00c", 13, "b. to 17"},
      {"pointer to itself", "c00c", 12, error(WireError::bad_pointer)},
      {"pointer forward", "c00e 0161 00", 12, error(WireError::bad_pointer)},
      {"loop of a label and a pointer", "0161 c00c", 12, error(WireError::bad_pointer)},
      {"loop of two pointers", "c00e c00c", 14, error(WireError::bad_pointer)},
      {"pointer into the header", "c00b", 12, error(WireError::bad_pointer)},
      {"pointer to octet 0", "c000", 12, error(WireError::bad_pointer)},
      {"pointer past the message", "ffff", 12, error(WireError::bad_pointer)},
      {"pointer into its own name", "0161 0162 c00e", 12, error(WireError::bad_pointer)},
      {"half a pointer", "c0", 12, error(WireError::truncated)},
      {"label type 01", "41 61 00", 12, error(WireError::bad_label)},
      {"label type 10", "81 61 00", 12, error(WireError::bad_label)},
      {"no end", "0161", 12, error(WireError::truncated)},
      {"label over the end", "0461 62", 12, error(WireError::truncated)},
      {"nothing", "", 12, error(WireError::truncated)},
  };
  for (const Case& c : cases) {
    INFO(c.note);
    CHECK(read_name(message(c.hex), c.position) == c.result);
  }
}

TEST_CASE("a name of 255 octets is read and one of 256 is not", "[dns][reader]") {
  std::string hex;
  for (int i = 0; i < 126; ++i)
    hex += "0161";
  CHECK(read_name(message(hex + "016200"), 12).ends_with("b. to 267"));
  CHECK(read_name(message(hex + "02626200"), 12) == error(WireError::name_too_long));
  // Short of the limit on paper, over it when the pointer is followed.
  CHECK(read_name(message(hex + "00" + "0162 016300"), 12 + 253) == "b.c. to 270");
  CHECK(read_name(message(hex + "00" + "0162 0163 c00c"), 12 + 253) ==
        error(WireError::name_too_long));
}

TEST_CASE("127 pointer hops are followed and 128 are not", "[dns][reader]") {
  std::string hex = "0161 00";
  std::size_t position = 15;
  std::size_t target = 12;
  const auto add_hop = [&] {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += 'c';
    for (const std::size_t shift : {8U, 4U, 0U})
      hex += digits[target >> shift & 0xf];
    target = position;
    position += 2;
  };
  for (int i = 0; i < 127; ++i)
    add_hop();
  CHECK(read_name(message(hex), target).starts_with("a. to"));
  add_hop();
  CHECK(read_name(message(hex), target) == error(WireError::too_many_pointers));
}

TEST_CASE("a name cut off anywhere is truncated and nothing is read behind it", "[dns][reader]") {
  const auto whole = message("03777777 076578616d706c65 00 046d61696c c010");
  REQUIRE(read_name(whole, 25) == "mail.example. to 32");
  for (std::size_t size = 25; size < whole.size(); ++size) {
    INFO(size);
    CHECK(read_name(std::span(whole).first(size), 25) == error(WireError::truncated));
  }
  for (std::size_t size = 12; size < 25; ++size) {
    INFO(size);
    CHECK(read_name(std::span(whole).first(size), 12) == error(WireError::truncated));
  }
}

TEST_CASE("a canonical name is lower case", "[dns][reader]") {
  const auto octets = message("0357775700");
  Reader reader(octets, 12);
  Name name;
  reader.canonical_name(name);
  CHECK(to_text(name) == "www.");
}

TEST_CASE("a name is skipped without following its pointer", "[dns][reader]") {
  struct Case {
    std::string hex;
    std::size_t end;
    bool ok;
  };
  const std::vector<Case> cases{
      {"00", 1, true},      {"016100", 3, true},   {"0161c000 ff", 4, true},
      {"c0ff ff", 2, true}, {"0161", 2, false},    {"c0", 1, false},
      {"0561", 2, false},   {"4161 00", 3, false}, {"", 0, false},
  };
  for (const Case& c : cases) {
    INFO(c.hex);
    const auto octets = parse_hex(c.hex);
    Reader reader(octets);
    reader.skip_name();
    CHECK(reader.ok() == c.ok);
    CHECK(reader.position() == c.end);
  }
}

}  // namespace sluice::dns
