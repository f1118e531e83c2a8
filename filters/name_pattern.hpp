// SPDX-License-Identifier: Apache-2.0
// A regular expression on whole domain names. RE2, whose time is linear in the length of the name
// whatever the expression: tenants write these, and every query of theirs may meet them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>
#include <re2/re2.h>

namespace sluice::filters {

/// An expression and what its matching keeps, per expression. Ordinary ones need a tenth of it;
/// nested repetitions such as `(a{1,50}){1,50}` would need hundreds of times as much.
inline constexpr std::size_t max_pattern_memory = 64U << 10;

/// Immutable; matching is safe from any thread.
class NamePattern {
 public:
  /// The error says what is wrong, in RE2's words, and what to do about it.
  static boost::system::result<NamePattern, std::string> compile(const std::string& text);

  /// Whether the whole of `name` matches: in lower case, without a final dot.
  [[nodiscard]] bool matches(std::string_view name) const;

 private:
  explicit NamePattern(std::unique_ptr<const RE2> expression)
      : expression_(std::move(expression)) {}

  std::unique_ptr<const RE2> expression_;
};

}  // namespace sluice::filters
