// SPDX-License-Identifier: Apache-2.0
#include "dns/edns.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

using tests::parse_hex;

Result<Edns> parse(const std::vector<std::uint8_t>& options, std::uint32_t ttl = 0) {
  return parse_edns({.payload_size = 1232, .ttl = ttl, .options = options});
}

std::vector<std::uint8_t> copy_of(std::span<const std::uint8_t> octets) {
  return {octets.begin(), octets.end()};
}

}  // namespace

TEST_CASE("the fixed part of OPT holds size, extended code and DO", "[dns][edns]") {
  const auto edns = parse({}, 0x01008000);
  REQUIRE(edns.has_value());
  CHECK(edns->payload_size == 1232);
  CHECK(edns->extended_rcode == 1);
  CHECK(edns->dnssec_ok);
  CHECK_FALSE(parse({}, 0x00007fff)->dnssec_ok);
}

TEST_CASE("any EDNS version but 0 is refused whatever else it holds", "[dns][edns]") {
  for (const std::uint32_t ttl : {0x00010000U, 0x00ff8000U}) {
    const auto edns = parse(parse_hex("000a ffff"), ttl);
    REQUIRE(edns.has_error());
    CHECK(edns.error() == WireError::bad_version);
  }
}

TEST_CASE("the options that matter are found, the others are passed over", "[dns][edns]") {
  const auto options = parse_hex(
      "0003 0000"                    // NSID
      "000a 0008 0102030405060708"   // COOKIE
      "0008 0007 0001 18 00 c00002"  // ECS
      "000b 0000"                    // keepalive
      "000c 0003 000000"             // padding
      "fde9 0002 ffff"               // local use
      "000f 0006 000f 64656e79");    // EDE
  const auto edns = parse(options);
  REQUIRE(edns.has_value());
  CHECK(copy_of(edns->cookie) == parse_hex("0102030405060708"));
  CHECK(copy_of(edns->client_subnet) == parse_hex("0001 18 00 c00002"));
  CHECK(edns->wants_keepalive);
  CHECK(edns->wants_padding);
  REQUIRE(edns->error.has_value());
  CHECK(edns->error->code == Ede::blocked);
  CHECK(edns->error->text == "deny");
}

TEST_CASE("of a repeated option the first counts", "[dns][edns]") {
  const auto options = parse_hex(
      "000a 0002 0101 000a 0002 0202 000f 0002 0001 000f 0002 0002 0008 0001 01 0008 0001 02");
  const auto edns = parse(options);
  REQUIRE(edns.has_value());
  CHECK(copy_of(edns->cookie) == parse_hex("0101"));
  CHECK(copy_of(edns->client_subnet) == parse_hex("01"));
  CHECK(static_cast<int>(edns->error->code) == 1);
}

TEST_CASE("an extended error without a code is passed over", "[dns][edns]") {
  const auto options = parse_hex("000f 0001 00");
  const auto edns = parse(options);
  REQUIRE(edns.has_value());
  CHECK_FALSE(edns->error.has_value());
}

TEST_CASE("options cut off anywhere are refused", "[dns][edns]") {
  const auto whole = parse_hex("000a 0008 0102030405060708 000c 0000");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    if (size == 12) continue;  // the border between the two
    INFO(size);
    const std::vector<std::uint8_t> prefix(whole.begin(),
                                           whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto edns = parse(prefix);
    REQUIRE(edns.has_error());
    CHECK(edns.error() == WireError::bad_opt);
  }
}

TEST_CASE("15,000 options are read in one go", "[dns][edns]") {
  std::vector<std::uint8_t> options;
  for (int i = 0; i < 15000; ++i)
    options.insert(options.end(), {0, 3, 0, 0});
  options.insert(options.end(), {0, 12, 0, 0});
  const auto edns = parse(options);
  REQUIRE(edns.has_value());
  CHECK(edns->wants_padding);
}

}  // namespace sluice::dns
