// SPDX-License-Identifier: Apache-2.0
#include "dns/reader.hpp"

#include "dns/header.hpp"

namespace sluice::dns {
namespace {

/// A legitimate name has at most one pointer behind each label.
constexpr std::size_t max_pointers = max_labels;
constexpr std::uint8_t pointer_bits = 0xc0;

}  // namespace

std::uint8_t Reader::u8() {
  const auto data = octets(1);
  return data.empty() ? std::uint8_t{0} : data[0];
}

std::uint16_t Reader::u16() {
  const auto data = octets(2);
  if (data.empty()) return 0;
  return static_cast<std::uint16_t>(data[0] << 8 | data[1]);
}

std::uint32_t Reader::u32() {
  const auto data = octets(4);
  if (data.empty()) return 0;
  return static_cast<std::uint32_t>(data[0]) << 24 | static_cast<std::uint32_t>(data[1]) << 16 |
         static_cast<std::uint32_t>(data[2]) << 8 | data[3];
}

std::span<const std::uint8_t> Reader::octets(std::size_t count) {
  if (count > remaining()) {
    fail(WireError::truncated);
    return {};
  }
  const auto data = message_.subspan(position_, count);
  position_ += count;
  return data;
}

void Reader::name(Name& result) {
  result = Name();
  NameWalk walk{.at = position_, .lowest = position_};
  while (ok()) {
    if (walk.at >= message_.size()) return fail(WireError::truncated);
    const std::uint8_t length = message_[walk.at];
    if (length == 0) break;
    if ((length & pointer_bits) == pointer_bits) {
      follow_pointer(walk);
    } else {
      take_label(walk, result);
    }
  }
  if (ok()) position_ = walk.end.value_or(walk.at + 1);
}

void Reader::follow_pointer(NameWalk& walk) {
  if (walk.at + 2 > message_.size()) return fail(WireError::truncated);
  if (++walk.pointers > max_pointers) return fail(WireError::too_many_pointers);
  if (!walk.end) walk.end = walk.at + 2;
  // No name stands in the header (RFC 1035 4.1.1).
  const std::size_t target = (message_[walk.at] & 0x3fU) << 8 | message_[walk.at + 1];
  if (target >= walk.lowest || target < header_size) return fail(WireError::bad_pointer);
  walk.at = walk.lowest = target;
}

void Reader::take_label(NameWalk& walk, Name& result) {
  const std::uint8_t length = message_[walk.at];
  if ((length & pointer_bits) != 0) return fail(WireError::bad_label);
  if (walk.at + 1 + length > message_.size()) return fail(WireError::truncated);
  if (!result.append_label(message_.subspan(walk.at + 1, length))) {
    return fail(WireError::name_too_long);
  }
  walk.at += length + 1U;
}

void Reader::skip_name() {
  while (ok()) {
    const std::uint8_t length = u8();
    if (!ok() || length == 0) return;
    if ((length & pointer_bits) == pointer_bits) return skip(1);
    if ((length & pointer_bits) != 0) return fail(WireError::bad_label);
    skip(length);
  }
}

}  // namespace sluice::dns
