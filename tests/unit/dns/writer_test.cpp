// SPDX-License-Identifier: Apache-2.0
#include "dns/writer.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

std::vector<std::uint8_t> written(const Writer& writer) {
  const auto octets = writer.written();
  return {octets.begin(), octets.end()};
}

}  // namespace

TEST_CASE("integers are written big-endian, octets and names as they are", "[dns][writer]") {
  std::vector<std::uint8_t> buffer(16);
  Writer writer(buffer);
  writer.u8(1);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.octets(std::array<std::uint8_t, 2>{8, 9});
  writer.name(*Name::from_text("Ab."));
  CHECK(writer.ok());
  CHECK(written(writer) == tests::parse_hex("01 0203 04050607 0809 02416200"));
}

TEST_CASE("a buffer is filled to its last octet and not further", "[dns][writer]") {
  for (std::size_t size = 0; size < 9; ++size) {
    INFO(size);
    std::vector<std::uint8_t> buffer(size);
    Writer writer(buffer);
    writer.u16(0xffff);
    writer.u32(0xffffffff);
    writer.octets(std::array<std::uint8_t, 2>{1, 2});
    writer.u8(3);
    CHECK_FALSE(writer.ok());
    CHECK(writer.size() <= size);
  }
  std::vector<std::uint8_t> buffer(9);
  Writer writer(buffer);
  writer.u32(1);
  writer.u32(2);
  writer.u8(3);
  CHECK(writer.ok());
  CHECK(writer.size() == 9);
}

TEST_CASE("an overflow sticks even when something smaller would fit", "[dns][writer]") {
  std::vector<std::uint8_t> buffer(3);
  Writer writer(buffer);
  writer.u16(1);
  writer.u16(2);
  writer.u8(3);
  CHECK_FALSE(writer.ok());
  CHECK(writer.size() == 2);
}

TEST_CASE("rewinding forgets what was written and an overflow", "[dns][writer]") {
  std::vector<std::uint8_t> buffer(3);
  Writer writer(buffer);
  writer.u8(7);
  writer.u32(1);
  writer.rewind(1);
  CHECK(writer.ok());
  writer.u16(0x0809);
  CHECK(written(writer) == tests::parse_hex("070809"));
}

TEST_CASE("only what was written can be patched", "[dns][writer]") {
  std::vector<std::uint8_t> buffer(6);
  Writer writer(buffer);
  writer.u32(0);
  writer.patch_u16(2, 0x0102);
  writer.patch_u16(3, 0xffff);
  writer.patch_u16(4, 0xffff);
  CHECK(written(writer) == tests::parse_hex("00000102"));
  CHECK(buffer[4] == 0);
}

}  // namespace sluice::dns
