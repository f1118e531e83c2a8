// SPDX-License-Identifier: Apache-2.0
// A regular expression on whole domain names. RE2, whose time is linear in the length of the name
// whatever the expression: tenants write these, and every query of theirs may meet them.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>
#include <re2/re2.h>

#include "dns/name.hpp"

namespace sluice::filters {

/// An expression and what its matching keeps, per expression. Ordinary ones need a tenth of it;
/// nested repetitions such as `(a{1,50}){1,50}` would need hundreds of times as much.
inline constexpr std::size_t max_pattern_memory = 64U << 10;

/// Immutable, cheap to copy; matching is safe from any thread.
class NamePattern {
 public:
  /// The error says what is wrong, in RE2's words, and what to do about it.
  static boost::system::result<NamePattern, std::string> compile(const std::string& text);

  /// Whether the whole of `name` matches: in lower case, without a final dot.
  [[nodiscard]] bool matches(std::string_view name) const noexcept;

 private:
  explicit NamePattern(std::shared_ptr<const RE2> expression)
      : expression_(std::move(expression)) {}

  std::shared_ptr<const RE2> expression_;
};

/// A name as patterns see it: labels joined by dots, without escapes (an octet that is no text
/// stays what it is). Lives on the stack.
class PatternText {
 public:
  explicit PatternText(dns::NameView name) noexcept;
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, dns::max_name_size> text_;  // filled as far as it is used
  std::size_t size_ = 0;
};

}  // namespace sluice::filters
