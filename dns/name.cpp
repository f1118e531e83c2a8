// SPDX-License-Identifier: Apache-2.0
#include "dns/name.hpp"

namespace sluice::dns {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Presentation format label by label; `.` unescaped ends one.
class NameText {
 public:
  explicit NameText(std::string_view text) : text_(text) {}

  Result<Name> parse() {
    if (text_ == ".") return Name();
    if (text_.empty()) return WireError::bad_text;
    while (!text_.empty()) {
      if (const auto error = parse_label(); error.has_error()) return error.error();
    }
    return name_;
  }

 private:
  Result<void> parse_label() {
    std::array<std::uint8_t, max_label_size> label{};
    std::size_t size = 0;
    while (!text_.empty() && text_.front() != '.') {
      const auto octet = take_octet();
      if (!octet) return octet.error();
      if (size == label.size()) return WireError::bad_label;
      label[size++] = *octet;
    }
    if (!text_.empty()) text_.remove_prefix(1);
    if (size == 0) return WireError::bad_text;
    if (!name_.append_label({label.data(), size})) return WireError::name_too_long;
    return boost::system::in_place_value;
  }

  /// One octet: itself, `\.`, or `\046` (RFC 1035 5.1).
  Result<std::uint8_t> take_octet() {
    const char c = take();
    if (c != '\\') return static_cast<std::uint8_t>(c);
    if (text_.empty()) return WireError::bad_text;
    if (!is_digit(text_.front())) return static_cast<std::uint8_t>(take());
    if (text_.size() < 3 || !is_digit(text_[1]) || !is_digit(text_[2])) return WireError::bad_text;
    const int value = (text_[0] - '0') * 100 + (text_[1] - '0') * 10 + (text_[2] - '0');
    text_.remove_prefix(3);
    if (value > 255) return WireError::bad_text;
    return static_cast<std::uint8_t>(value);
  }

  char take() {
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }

  std::string_view text_;
  Name name_;
};

void append_escaped(std::string& text, std::uint8_t octet) {
  static constexpr std::string_view special = R"(."$;@()\)";
  const auto c = static_cast<char>(octet);
  if (octet <= ' ' || octet >= 0x7f) {
    text += '\\';
    text += static_cast<char>('0' + octet / 100);
    text += static_cast<char>('0' + octet / 10 % 10);
    text += static_cast<char>('0' + octet % 10);
    return;
  }
  if (special.find(c) != std::string_view::npos) text += '\\';
  text += c;
}

}  // namespace

std::size_t NameView::label_count() const {
  std::size_t count = 0;
  for (std::size_t at = 0; wire_[at] != 0; at += wire_[at] + 1U)
    ++count;
  return count;
}

bool NameView::is_within(NameView zone) const {
  NameView name = *this;
  while (name.size() > zone.size())
    name = name.parent();
  return name == zone;
}

Result<Name> Name::from_text(std::string_view text) {
  return NameText(text).parse();
}

bool Name::append_label(std::span<const std::uint8_t> label) {
  if (label.empty() || label.size() > max_label_size) return false;
  if (size_ + label.size() + 1 > max_name_size) return false;
  const std::size_t at = size_ - 1U;
  wire_[at] = static_cast<std::uint8_t>(label.size());
  std::copy(label.begin(), label.end(), wire_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  size_ = static_cast<std::uint8_t>(size_ + label.size() + 1);
  wire_[size_ - 1U] = 0;
  return true;
}

// Length octets are at most 63 and so below 'A': lowering every octet leaves them alone.
void Name::lower() {
  std::transform(wire_.begin(), wire_.begin() + size_, wire_.begin(), to_lower);
}

bool equal_ignoring_case(NameView left, NameView right) {
  return std::equal(left.wire().begin(), left.wire().end(), right.wire().begin(),
                    right.wire().end(),
                    [](std::uint8_t a, std::uint8_t b) { return to_lower(a) == to_lower(b); });
}

std::string to_text(NameView name) {
  if (name.is_root()) return ".";
  std::string text;
  for (; !name.is_root(); name = name.parent()) {
    for (const std::uint8_t octet : name.first_label())
      append_escaped(text, octet);
    text += '.';
  }
  return text;
}

}  // namespace sluice::dns
