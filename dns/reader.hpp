// SPDX-License-Identifier: Apache-2.0
// A bounds-checked cursor over a received message. The first error sticks: read a whole structure,
// then test once. After an error every read gives zeros and empty spans, so nothing behind it can
// go out of bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dns/error.hpp"
#include "dns/name.hpp"

namespace sluice::dns {

/// Reads big-endian integers, octets and names. Looks at the caller's buffer for as long as it
/// lives.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> message, std::size_t position = 0)
      : message_(message), position_(position) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::span<const std::uint8_t> octets(std::size_t count);
  void skip(std::size_t count) { static_cast<void>(octets(count)); }

  /// A name, its compression pointers followed, in the case that it came in. Work is bounded by the
  /// size of the message: each pointer must point before the place from which it was reached (RFC
  /// 1035 4.1.4).
  void name(Name& result);
  /// The same name in canonical form.
  void canonical_name(Name& result) {
    name(result);
    result.lower();
  }
  /// Moves behind a name without following its pointer; only the octets at the cursor are checked.
  void skip_name();

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return message_.size() - position_; }
  [[nodiscard]] std::span<const std::uint8_t> message() const { return message_; }
  [[nodiscard]] bool ok() const { return !error_; }
  /// Only when !ok().
  [[nodiscard]] WireError error() const { return *error_; }
  void fail(WireError error) {
    if (!error_) error_ = error;
    position_ = message_.size();
  }

 private:
  /// Where a name is being read. Pointers go strictly backwards, so a loop is impossible.
  struct NameWalk {
    std::size_t at = 0;
    std::size_t lowest = 0;  ///< every pointer must lead before this
    std::size_t pointers = 0;
    std::optional<std::size_t> end;  ///< behind the first pointer
  };
  void follow_pointer(NameWalk& walk);
  void take_label(NameWalk& walk, Name& result);

  std::span<const std::uint8_t> message_;
  std::size_t position_;
  std::optional<WireError> error_;
};

}  // namespace sluice::dns
