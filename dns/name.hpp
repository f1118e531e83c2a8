// SPDX-License-Identifier: Apache-2.0
// Domain names in wire form: `Name` owns its octets inline, `NameView` looks at somebody else's.
//
// Which when: a question, a rule and a key of a table hold *canonical* names (lower case, RFC
// 4343), so that equality is a comparison of octets. Records on their way to a client keep the case
// they came with. Functions that need the canonical form say so.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "dns/error.hpp"

namespace sluice::dns {

/// 255 octets with the root label: RFC 1035 2.3.4.
inline constexpr std::size_t max_name_size = 255;
/// 63 octets: the two highest bits of a length octet mean other things (RFC 1035 2.3.4).
inline constexpr std::size_t max_label_size = 63;
/// A name of 255 octets holds at most 127 one-octet labels and the root.
inline constexpr std::size_t max_labels = 127;

/// ASCII lower case of one octet, whatever the locale (RFC 4343 3).
constexpr std::uint8_t to_lower(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + ('a' - 'A')) : octet;
}

/// An uncompressed name in wire form, root label included, that belongs to somebody else.
/// The octets must be a well-formed name; a view is only ever made from one.
class NameView {
 public:
  constexpr NameView() = default;
  constexpr explicit NameView(std::span<const std::uint8_t> wire) : wire_(wire) {}

  [[nodiscard]] constexpr std::span<const std::uint8_t> wire() const { return wire_; }
  [[nodiscard]] constexpr std::size_t size() const { return wire_.size(); }
  [[nodiscard]] constexpr bool is_root() const { return wire_.size() == 1; }

  /// The name without its first label. Not to be called on the root.
  [[nodiscard]] NameView parent() const { return NameView(wire_.subspan(wire_[0] + 1U)); }
  /// The octets of the first label.
  [[nodiscard]] std::span<const std::uint8_t> first_label() const {
    return wire_.subspan(1, wire_[0]);
  }
  /// Number of labels, the root not counted.
  [[nodiscard]] std::size_t label_count() const;

  /// True when this name is `zone` or below it. Both canonical.
  [[nodiscard]] bool is_within(NameView zone) const;

  /// Octet by octet: equality of names only when both are canonical.
  friend bool operator==(NameView left, NameView right) {
    return left.size() == right.size() &&
           std::memcmp(left.wire_.data(), right.wire_.data(), left.size()) == 0;
  }

 private:
  static constexpr std::array<std::uint8_t, 1> root_wire_{0};
  std::span<const std::uint8_t> wire_{root_wire_};
};

/// A name with its own 255 octets of storage. Never allocates; copying copies only what is used.
class Name {
 public:
  Name() { wire_[0] = 0; }
  explicit Name(NameView view) { assign(view); }
  Name(const Name& other) { assign(other); }
  Name& operator=(const Name& other) {
    if (this != &other) assign(other);
    return *this;
  }

  /// Presentation format (RFC 1035 5.1, escapes included), with or without the final dot.
  static Result<Name> from_text(std::string_view text);

  operator NameView() const { return view(); }  // NOLINT(google-explicit-constructor): it is one
  [[nodiscard]] NameView view() const { return NameView(std::span(wire_.data(), size_)); }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Appends a label in front of the root. Fails, leaving the name as it was, when it would not
  /// fit.
  [[nodiscard]] bool append_label(std::span<const std::uint8_t> label);
  /// Makes the name canonical.
  void lower();

  friend bool operator==(const Name& left, const Name& right) {
    return left.view() == right.view();
  }

 private:
  void assign(NameView view) {
    size_ = static_cast<std::uint8_t>(view.size());
    std::copy(view.wire().begin(), view.wire().end(), wire_.begin());
  }

  std::array<std::uint8_t, max_name_size> wire_;
  std::uint8_t size_ = 1;
};

/// Equality whatever the case of either name (RFC 4343 3).
bool equal_ignoring_case(NameView left, NameView right);

/// Presentation format with a final dot: dots in labels, quotes and octets that are not printable
/// ASCII are escaped (RFC 4343 2.1), so the text is safe in logs and JSON. The root is ".".
std::string to_text(NameView name);

}  // namespace sluice::dns
