// SPDX-License-Identifier: Apache-2.0
// A bounds-checked cursor that writes into the caller's buffer. Overflow sticks, as errors do in
// Reader: write a whole message, then test once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "dns/name.hpp"

namespace sluice::dns {

class Writer {
 public:
  /// Writes into `buffer`, which must outlive the writer, and nowhere else.
  explicit Writer(std::span<std::uint8_t> buffer) : buffer_(buffer) {}

  void u8(std::uint8_t value) {
    if (reserve(1)) buffer_[size_++] = value;
  }
  void u16(std::uint16_t value) {
    if (!reserve(2)) return;
    buffer_[size_++] = static_cast<std::uint8_t>(value >> 8);
    buffer_[size_++] = static_cast<std::uint8_t>(value);
  }
  void u32(std::uint32_t value) {
    u16(static_cast<std::uint16_t>(value >> 16));
    u16(static_cast<std::uint16_t>(value));
  }
  void octets(std::span<const std::uint8_t> data) {
    if (!reserve(data.size())) return;
    std::copy(data.begin(), data.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += data.size();
  }
  /// Uncompressed.
  void name(NameView name) { octets(name.wire()); }

  /// Overwrites two octets written before.
  void patch_u16(std::size_t position, std::uint16_t value) {
    if (position + 2 > size_) return;
    buffer_[position] = static_cast<std::uint8_t>(value >> 8);
    buffer_[position + 1] = static_cast<std::uint8_t>(value);
  }
  /// Forgets everything behind `size`, an overflow too.
  void rewind(std::size_t size) {
    size_ = size;
    overflow_ = false;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool ok() const { return !overflow_; }
  [[nodiscard]] std::span<std::uint8_t> written() const { return buffer_.first(size_); }

 private:
  bool reserve(std::size_t count) {
    if (overflow_ || count > buffer_.size() - size_) overflow_ = true;
    return !overflow_;
  }

  std::span<std::uint8_t> buffer_;
  std::size_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace sluice::dns
