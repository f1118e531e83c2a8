// SPDX-License-Identifier: Apache-2.0
#include "filters/address.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::filters;

TEST_CASE("an address is read from its usual text and written in the canonical one",
          "[filters][address]") {
  struct Case {
    const char* text;
    const char* canonical;
    bool is_v4;
  };
  const Case cases[] = {
      {"192.0.2.1", "192.0.2.1", true},
      {"0.0.0.0", "0.0.0.0", true},
      {"255.255.255.255", "255.255.255.255", true},
      {"::ffff:192.0.2.1", "192.0.2.1", true},
      {"::ffff:c000:201", "192.0.2.1", true},
      {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", false},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", false},
      {"::", "::", false},
      {"::1", "::1", false},
  };
  for (const auto& [text, canonical, is_v4] : cases) {
    CAPTURE(text);
    const auto address = Address::from_text(text);
    REQUIRE(address);
    CHECK(to_text(*address) == canonical);
    CHECK(address->is_v4() == is_v4);
  }
}

TEST_CASE("what is not exactly an address is refused", "[filters][address]") {
  const std::string cases[] = {"",
                               "1.2.3",
                               "1.2.3.4.5",
                               "256.1.1.1",
                               "1.2.3.04",
                               " 1.2.3.4",
                               "1.2.3.4 ",
                               "1.2.3.4:53",
                               "fe80::1%1",
                               "[::1]",
                               "1::2::3",
                               "12345::",
                               "localhost",
                               "10.0.0.0/8",
                               "0x7f.0.0.1",
                               std::string("::1\0", 4),
                               std::string(100, '1')};
  for (const auto& text : cases) {
    CAPTURE(text);
    CHECK_FALSE(Address::from_text(text));
  }
}

TEST_CASE("an address and its IPv4-mapped form are the same", "[filters][address]") {
  const std::array<std::uint8_t, 4> octets{192, 0, 2, 1};
  const Address address = Address::v4(octets);
  CHECK(address == Address::from_text("::ffff:192.0.2.1"));
  CHECK(std::equal(octets.begin(), octets.end(), address.v4_octets().begin()));
}

TEST_CASE("a prefix is read with its length in the mapped form", "[filters][address]") {
  struct Case {
    const char* text;
    const char* address;
    unsigned length;
  };
  const Case cases[] = {
      {"10.0.0.0/8", "10.0.0.0", 104},     {"0.0.0.0/0", "0.0.0.0", 96},
      {"192.0.2.1/32", "192.0.2.1", 128},  {"192.0.2.1", "192.0.2.1", 128},
      {"fd00::/64", "fd00::", 64},         {"::/0", "::", 0},
      {"2001:db8::1", "2001:db8::1", 128}, {"::ffff:10.0.0.0/104", "10.0.0.0", 104},
      {"10.0.1.128/25", "10.0.1.128", 121}};
  for (const auto& [text, address, length] : cases) {
    CAPTURE(text);
    const auto prefix = Prefix::from_text(text);
    REQUIRE(prefix);
    CHECK(to_text(prefix->address) == address);
    CHECK(prefix->length == length);
  }
}

TEST_CASE("a prefix with a bad length or bits behind it is refused", "[filters][address]") {
  for (const char* text : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8",
                           "10.0.0.0/-1", "fd00::/129", "fd00::1/64", "fd00::/1000", "/8",
                           "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.1.64/25"}) {
    CAPTURE(text);
    CHECK_FALSE(Prefix::from_text(text));
  }
}

TEST_CASE("a prefix contains its own family's addresses only", "[filters][address]") {
  struct Case {
    const char* prefix;
    const char* address;
    bool contains;
  };
  const Case cases[] = {
      {"10.0.0.0/8", "10.255.255.255", true}, {"10.0.0.0/8", "11.0.0.0", false},
      {"10.0.1.0/25", "10.0.1.127", true},    {"10.0.1.0/25", "10.0.1.128", false},
      {"0.0.0.0/0", "192.0.2.1", true},       {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},          {"::/0", "192.0.2.1", false},
      {"192.0.2.1", "192.0.2.1", true},       {"192.0.2.1", "192.0.2.2", false},
      {"fd00::/64", "fd00::1:2:3:4", true},   {"fd00::/64", "fd00:0:0:1::", false}};
  for (const auto& [prefix, address, contains] : cases) {
    CAPTURE(prefix, address);
    CHECK(Prefix::from_text(prefix)->contains(*Address::from_text(address)) == contains);
  }
}
