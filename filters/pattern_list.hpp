// SPDX-License-Identifier: Apache-2.0
// The domain patterns of one rule, in one piece: a cluster has some hundred thousand of them, and
// an allocation for each name would be most of what they take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "dns/name.hpp"

namespace sluice::filters {

/// `example.com`, `*.example.com`, `.example.com` or `*`, as it is read: a view into its list.
struct Pattern {
  dns::NameView name;  ///< canonical; the root for `*`
  bool apex = false;   ///< matches the name itself
  bool below = false;  ///< matches everything below it, at any depth
};

/// Whether it is one of the four: lower case, no final dot.
bool is_pattern(std::string_view text);

/// Patterns in the order in which they were added.
class PatternList {
 public:
  class Iterator;

  /// False, and nothing happens, for what is_pattern() says no to.
  bool add(std::string_view text);
  /// Nothing will be added any more.
  void shrink_to_fit() { octets_.shrink_to_fit(); }

  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;
  [[nodiscard]] bool empty() const { return octets_.empty(); }
  /// Walks to the end.
  [[nodiscard]] std::size_t size() const;
  /// Walks there from the first.
  [[nodiscard]] Pattern operator[](std::size_t position) const;

 private:
  std::vector<std::uint8_t> octets_;  ///< of each pattern: an octet of flags, and the name
};

class PatternList::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;  // of values, not of references
  using iterator_concept = std::forward_iterator_tag;
  using value_type = Pattern;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = Pattern;

  Iterator() = default;
  explicit Iterator(const std::uint8_t* at) : at_(at) {}

  Pattern operator*() const;
  Iterator& operator++();
  Iterator operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Iterator&) const = default;

 private:
  const std::uint8_t* at_ = nullptr;
};

}  // namespace sluice::filters
