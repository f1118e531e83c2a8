// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_text.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace sluice::proxy::log {
namespace {

constexpr std::string_view ellipsis = "...";

struct Lead {
  std::size_t size;         ///< octets of the character, 0: not the start of one
  std::uint8_t second_min;  ///< RFC 3629 4: the second octet tells overlong forms, surrogates
  std::uint8_t second_max;  ///< and what lies beyond U+10FFFF from the rest
};

constexpr Lead lead_of(std::uint8_t octet) {
  if (octet < 0x80) return {1, 0, 0};
  if (octet < 0xC2) return {0, 0, 0};
  if (octet < 0xE0) return {2, 0x80, 0xBF};
  if (octet == 0xE0) return {3, 0xA0, 0xBF};
  if (octet == 0xED) return {3, 0x80, 0x9F};
  if (octet < 0xF0) return {3, 0x80, 0xBF};
  if (octet == 0xF0) return {4, 0x90, 0xBF};
  if (octet < 0xF4) return {4, 0x80, 0xBF};
  if (octet == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

std::uint8_t octet_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

/// Octets of the printable character that `text` starts with; 0 when there is none.
std::size_t printable_size(std::string_view text) {
  const std::uint8_t first = octet_at(text, 0);
  const Lead lead = lead_of(first);
  if (lead.size == 1) return first >= 0x20 && first != 0x7F ? 1 : 0;
  if (lead.size == 0 || text.size() < lead.size) return 0;
  const std::uint8_t second = octet_at(text, 1);
  if (second < lead.second_min || second > lead.second_max) return 0;
  for (std::size_t i = 2; i < lead.size; ++i)
    if ((octet_at(text, i) & 0xC0) != 0x80) return 0;
  const bool is_c1_control = first == 0xC2 && second < 0xA0;
  return is_c1_control ? 0 : lead.size;
}

}  // namespace

std::string escape(std::string_view text, std::size_t max_size) {
  std::string result;
  std::size_t cut = 0;  // where the text can end so that the ellipsis still fits
  while (!text.empty()) {
    const std::size_t size = printable_size(text);
    const std::string escaped =
        size == 0 ? fmt::format("\\{:03d}", octet_at(text, 0)) : std::string(text.substr(0, size));
    if (result.size() + escaped.size() > max_size) {
      result.resize(cut);
      return result.append(ellipsis.substr(0, max_size - cut));
    }
    result += escaped;
    if (result.size() + ellipsis.size() <= max_size) cut = result.size();
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return result;
}

}  // namespace sluice::proxy::log
