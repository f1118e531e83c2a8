// SPDX-License-Identifier: Apache-2.0
#include "filters/suffix_hashes.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::filters {
namespace {

__extension__ using Product = unsigned __int128;

template <typename Word>
std::uint64_t load(const std::uint8_t* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Folds the 128-bit product: every bit of either factor reaches every bit of the result.
std::uint64_t multiply_and_fold(std::uint64_t left, std::uint64_t right) {
  const Product product = static_cast<Product>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Up to 16 octets as two words. The ranges may overlap: the length octet that every label starts
/// with tells apart what would then look the same.
struct Words {
  std::uint64_t low;
  std::uint64_t high;
};

Words words_of(const std::uint8_t* octets, std::size_t size) {
  if (size >= 8) return {load<std::uint64_t>(octets), load<std::uint64_t>(octets + size - 8)};
  if (size >= 4) return {load<std::uint32_t>(octets), load<std::uint32_t>(octets + size - 4)};
  return {load<std::uint16_t>(octets), octets[size - 1]};
}

/// One label with its length octet, 2 to 64 octets, put in front of a suffix with hash `rest`.
std::uint64_t extend(std::uint64_t rest, std::span<const std::uint8_t> label, std::uint64_t mask) {
  const std::uint8_t* octets = label.data();
  std::size_t size = label.size();
  // Both factors are masked with what only we know: nobody can force a product of zero.
  const auto absorb = [&](Words words) {
    rest = multiply_and_fold(words.low ^ mask, words.high ^ rest);
  };
  for (; size > 16; octets += 16, size -= 16)
    absorb(words_of(octets, 16));
  // The end of a long label is taken together with octets before it, so that it is never short.
  if (label.size() > 16) {
    octets = label.data() + label.size() - 16;
    size = 16;
  }
  absorb(words_of(octets, size));
  return rest;
}

/// All 64 bits in use whatever the seed, or short labels would hardly differ in their products. The
/// constants are digits of pi, as random as any.
std::uint64_t mask_of(std::uint64_t seed) {
  return multiply_and_fold(seed ^ 0x243f6a8885a308d3, 0x13198a2e03707344);
}

}  // namespace

// The arrays are filled as far as they are used; see the header.
SuffixHashes::SuffixHashes(dns::NameView name, std::size_t deepest, std::uint64_t seed) noexcept
    : name_(name) {
  const auto wire = name.wire();
  std::size_t offset = 0;
  for (; wire[offset] != 0; offset += wire[offset] + 1U) {
    offsets_[label_count_++] = static_cast<std::uint8_t>(offset);
  }
  offsets_[label_count_] = static_cast<std::uint8_t>(offset);

  deepest_ = std::min(deepest, label_count_);
  const std::uint64_t mask = mask_of(seed);
  hashes_[0] = mask_of(mask);
  for (std::size_t labels = 1; labels <= deepest_; ++labels) {
    const std::size_t start = offsets_[label_count_ - labels];
    hashes_[labels] = extend(hashes_[labels - 1], wire.subspan(start, wire[start] + 1U), mask);
  }
}

}  // namespace sluice::filters
