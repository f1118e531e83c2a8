// SPDX-License-Identifier: Apache-2.0
#include "filters/rule.hpp"

#include <algorithm>
#include <span>

namespace sluice::filters {
namespace {

/// As the API's schema has it: a name of 255 octets on the wire is 253 characters.
constexpr std::size_t max_pattern_size = 253;

// Not std::isalnum: that one asks the locale.
bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > dns::max_label_size) return false;
  if (!is_word_character(text.front()) || !is_word_character(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_word_character(c) || c == '-'; });
}

std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::optional<dns::Name> name_from_text(std::string_view text) {
  dns::Name name;
  for (;;) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (!is_label(label) || !name.append_label(octets_of(label))) return std::nullopt;
    if (dot == text.npos) return name;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::optional<Pattern> Pattern::from_text(std::string_view text) {
  if (text.size() > max_pattern_size) return std::nullopt;
  if (text == "*") return Pattern{{}, true, true};
  Pattern pattern{{}, true, false};
  if (text.starts_with("*.")) {
    pattern = {{}, false, true};
    text.remove_prefix(2);
  } else if (text.starts_with('.')) {
    pattern.below = true;
    text.remove_prefix(1);
  }
  const auto name = name_from_text(text);
  if (!name) return std::nullopt;
  pattern.name = *name;
  return pattern;
}

}  // namespace sluice::filters
