// SPDX-License-Identifier: Apache-2.0
// The domain patterns of one rule, in one piece: a cluster has some hundred thousand of them, and an
// allocation for each name would be most of what they take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>

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

  PatternList() = default;
  PatternList(const PatternList& other);
  PatternList(PatternList&& other) noexcept;
  PatternList& operator=(PatternList other) noexcept;
  ~PatternList() = default;

  /// False, and nothing happens, for what is_pattern() says no to. Copies what is there already, to
  /// take no more than is needed.
  bool add(std::string_view text);

  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Walks there from the first.
  [[nodiscard]] Pattern operator[](std::size_t position) const;

 private:
  std::unique_ptr<std::uint8_t[]> octets_;  ///< of each: an octet of flags, and the name
  std::uint32_t octet_count_ = 0;
  std::uint32_t count_ = 0;
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
