// SPDX-License-Identifier: Apache-2.0
#include "dns/reader.hpp"

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
  std::size_t at = position_;
  std::size_t lowest = position_;  // pointers go strictly backwards, so a loop is impossible
  std::size_t pointers = 0;
  std::optional<std::size_t> end;  // behind the first pointer
  while (true) {
    if (at >= message_.size()) return fail(WireError::truncated);
    const std::uint8_t length = message_[at];
    if (length == 0) break;
    if ((length & pointer_bits) == pointer_bits) {
      if (at + 2 > message_.size()) return fail(WireError::truncated);
      if (++pointers > max_pointers) return fail(WireError::too_many_pointers);
      if (!end) end = at + 2;
      const std::size_t target = (length & 0x3fU) << 8 | message_[at + 1];
      if (target >= lowest || target < 12) return fail(WireError::bad_pointer);
      at = lowest = target;
      continue;
    }
    if ((length & pointer_bits) != 0) return fail(WireError::bad_label);
    if (at + 1 + length > message_.size()) return fail(WireError::truncated);
    if (!result.append_label(message_.subspan(at + 1, length)))
      return fail(WireError::name_too_long);
    at += length + 1U;
  }
  position_ = end.value_or(at + 1);
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
