// SPDX-License-Identifier: Apache-2.0
// The hashes of all suffixes of a name, found in one pass from the last label to the first, so that
// any number of tables can be asked for each of them: `www.example.com.` has the suffixes `.`,
// `com.`, `example.com.` and itself, with 0 to 3 labels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dns/name.hpp"

namespace sluice::filters {

/// Looks at the name for as long as it lives. Lives on the stack, allocates nothing.
class SuffixHashes {
 public:
  /// Hashes the suffixes with up to `deepest` labels. Whoever does not know `seed` cannot make
  /// names that collide: both patterns and questions come from strangers.
  SuffixHashes(dns::NameView name, std::size_t deepest, std::uint64_t seed) noexcept;

  /// Labels of the name itself, whatever was hashed of it.
  [[nodiscard]] std::size_t label_count() const noexcept { return label_count_; }
  /// Labels of the longest suffix that was hashed.
  [[nodiscard]] std::size_t deepest() const noexcept { return deepest_; }

  /// Only up to deepest().
  [[nodiscard]] std::uint64_t hash(std::size_t labels) const noexcept { return hashes_[labels]; }
  /// The wire form, up to label_count().
  [[nodiscard]] dns::NameView suffix(std::size_t labels) const noexcept {
    return dns::NameView(name_.wire().subspan(offsets_[label_count_ - labels]));
  }

 private:
  dns::NameView name_;
  std::size_t label_count_ = 0;
  std::size_t deepest_ = 0;
  // Not initialised: most names use a handful of the 128, and clearing them would cost more than
  // the hashing does.
  std::array<std::uint8_t, dns::max_labels + 1> offsets_;  ///< of label i; last, of the root
  std::array<std::uint64_t, dns::max_labels + 1> hashes_;  ///< by number of labels
};

}  // namespace sluice::filters
