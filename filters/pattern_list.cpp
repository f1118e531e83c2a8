// SPDX-License-Identifier: Apache-2.0
#include "filters/pattern_list.hpp"

#include <algorithm>
#include <optional>
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

struct Parsed {
  dns::Name name;
  bool apex;
  bool below;
};

std::optional<Parsed> parse(std::string_view text) {
  if (text.size() > max_pattern_size) return std::nullopt;
  if (text == "*") return Parsed{{}, true, true};
  Parsed pattern{{}, true, false};
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

constexpr std::uint8_t apex_flag = 1;
constexpr std::uint8_t below_flag = 2;

}  // namespace

bool is_pattern(std::string_view text) {
  return parse(text).has_value();
}

bool PatternList::add(std::string_view text) {
  const auto pattern = parse(text);
  if (!pattern) return false;
  octets_.push_back(static_cast<std::uint8_t>((pattern->apex ? apex_flag : 0) |
                                              (pattern->below ? below_flag : 0)));
  const auto wire = pattern->name.view().wire();
  octets_.insert(octets_.end(), wire.begin(), wire.end());
  return true;
}

PatternList::Iterator PatternList::begin() const {
  return Iterator(octets_.data());
}

PatternList::Iterator PatternList::end() const {
  return Iterator(octets_.data() + octets_.size());
}

std::size_t PatternList::size() const {
  return static_cast<std::size_t>(std::ranges::distance(begin(), end()));
}

Pattern PatternList::operator[](std::size_t position) const {
  return *std::next(begin(), static_cast<std::ptrdiff_t>(position));
}

Pattern PatternList::Iterator::operator*() const {
  const std::uint8_t* name = at_ + 1;
  std::size_t size = 0;
  while (name[size] != 0)
    size += name[size] + 1U;
  return {dns::NameView({name, size + 1}), (*at_ & apex_flag) != 0, (*at_ & below_flag) != 0};
}

PatternList::Iterator& PatternList::Iterator::operator++() {
  at_ += 1 + (**this).name.size();
  return *this;
}

}  // namespace sluice::filters
