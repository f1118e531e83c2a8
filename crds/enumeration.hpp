// SPDX-License-Identifier: Apache-2.0
// From the words of the API to the enumerators of the engine. Which words a field may have is said
// by its schema; a test goes through all of them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "crds/field.hpp"

namespace sluice::crds {

template <typename Enum>
struct Word {
  std::string_view text;
  Enum value;
};

/// Nothing for a field that is absent or has none of the words.
template <typename Enum, std::size_t N>
std::optional<Enum> decode_word(const Field& field, const std::array<Word<Enum>, N>& words) {
  const auto text = field.text();
  if (!text) return std::nullopt;
  for (const Word<Enum>& word : words) {
    if (word.text == *text) return word.value;
  }
  return std::nullopt;
}

}  // namespace sluice::crds
