// SPDX-License-Identifier: Apache-2.0
// A rule's regular expression over names. RE2: matching takes time linear in the name, whatever the
// expression, which matters because expressions come from tenants.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "dns/name.hpp"

namespace re2 {
class RE2;
}

namespace sluice::filters {

/// Immutable, cheap to copy, safe to use from any thread.
class NamePattern {
 public:
  /// What an expression may cost in memory once compiled, its lazily built automaton included.
  /// RE2 refuses what does not fit, and falls back to a slower search where the automaton grows.
  static constexpr int max_memory = 64 << 10;

  /// Compiles RE2's syntax, or says what is wrong with it.
  static boost::system::result<NamePattern, std::string> compile(std::string_view expression);

  /// Whether the whole name matches. `name` is lower case and has no final dot, as in text.
  [[nodiscard]] bool matches(std::string_view name) const noexcept;
  [[nodiscard]] const std::string& expression() const;

 private:
  explicit NamePattern(std::shared_ptr<const re2::RE2> expression);
  std::shared_ptr<const re2::RE2> expression_;
};

/// A name as patterns see it: labels joined by dots, without escapes (an octet that is no text
/// stays what it is). Lives on the stack.
class PatternText {
 public:
  explicit PatternText(dns::NameView name) noexcept;
  [[nodiscard]] std::string_view view() const noexcept { return {text_, size_}; }

 private:
  char text_[dns::max_name_size];
  std::size_t size_ = 0;
};

}  // namespace sluice::filters
