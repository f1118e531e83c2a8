// SPDX-License-Identifier: Apache-2.0
#include "lists/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace sluice::lists {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t max_excerpt_size = 80;

/// What stands in a name for each octet of text; 0 for what cannot be in one.
constexpr std::array<std::uint8_t, 256> make_name_octets() {
  std::array<std::uint8_t, 256> octets{};
  for (unsigned c = 'a'; c <= 'z'; ++c) {
    octets[c] = static_cast<std::uint8_t>(c);
    octets[c - 'a' + 'A'] = static_cast<std::uint8_t>(c);
  }
  for (unsigned c = '0'; c <= '9'; ++c)
    octets[c] = static_cast<std::uint8_t>(c);
  octets['-'] = '-';
  octets['_'] = '_';
  return octets;
}
constexpr auto name_octets = make_name_octets();

std::string_view problem_with(char c) {
  if (static_cast<unsigned char>(c) >= 0x80)
    return "has characters beyond ASCII; write it as its A-label, which begins with xn--";
  if (c == '*') return "has a '*' inside; only '*.' in front of a name is a wildcard";
  return "has a character that names do not have";
}

bool is_number(std::span<const std::uint8_t> label) {
  return std::ranges::all_of(label, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
}

/// Cuts a name at its dots. The label is kept in one buffer: nothing is allocated per name.
class Labels {
 public:
  std::string_view read(std::string_view text, dns::Name& name) {
    for (const char c : text) {
      if (c == '.') {
        if (const auto problem = end_label(name); !problem.empty()) return problem;
        continue;
      }
      const std::uint8_t octet = name_octets[static_cast<unsigned char>(c)];
      if (octet == 0) return problem_with(c);
      if (size_ == label_.size()) return "has a label longer than 63 octets";
      label_[size_++] = octet;
    }
    return end_label(name);
  }
  [[nodiscard]] bool ended_in_number() const { return is_number({label_.data(), last_size_}); }

 private:
  std::string_view end_label(dns::Name& name) {
    if (size_ == 0) return "has an empty label";
    if (!name.append_label({label_.data(), size_})) return "is longer than 253 characters";
    last_size_ = size_;
    size_ = 0;
    return {};
  }

  std::array<std::uint8_t, dns::max_label_size> label_;
  std::size_t size_ = 0;
  std::size_t last_size_ = 0;
};

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const auto word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

std::string excerpt_of(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string excerpt;
  for (const char c : text.substr(0, max_excerpt_size)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= ' ' && octet < 0x7f) {
      excerpt += c;
    } else {
      excerpt += {'\\', 'x', digits[octet >> 4], digits[octet & 0xf]};
    }
  }
  return text.size() > max_excerpt_size ? excerpt + "..." : excerpt;
}

Domain parse_domain(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  Domain domain;
  Labels labels;
  domain.problem = labels.read(text, domain.name);
  if (domain.problem.empty() && labels.ended_in_number())
    domain.problem = "ends in a number: this is an address, or no name at all";
  return domain;
}

Domain parse_labels(std::string_view text) {
  Domain domain;
  if (text.empty()) return domain;
  domain.problem = Labels().read(text, domain.name);
  if (domain.problem.empty()) return domain;
  // Escapes and odd octets, which a zone may well have (RFC 1035 5.1): slower, and seldom.
  const bool is_ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const auto name = dns::Name::from_text(text);
  if (!is_ascii || !name) return domain;
  domain = {*name, {}};
  domain.name.lower();
  return domain;
}

}  // namespace sluice::lists
