// SPDX-License-Identifier: Apache-2.0
#include "filters/name_pattern.hpp"

#include <utility>

#include <re2/re2.h>

namespace sluice::filters {
namespace {

RE2::Options options() {
  RE2::Options options;
  options.set_max_mem(NamePattern::max_memory);
  options.set_log_errors(false);
  options.set_never_capture(true);
  // Names are octets; anything else would make an expression miss names that are no UTF-8.
  options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

boost::system::result<NamePattern, std::string> NamePattern::compile(std::string_view expression) {
  auto compiled = std::make_shared<const RE2>(
      re2::StringPiece(expression.data(), expression.size()), options());
  if (!compiled->ok()) return compiled->error();
  return NamePattern(std::move(compiled));
}

NamePattern::NamePattern(std::shared_ptr<const re2::RE2> expression)
    : expression_(std::move(expression)) {}

bool NamePattern::matches(std::string_view name) const noexcept {
  return RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *expression_);
}

const std::string& NamePattern::expression() const {
  return expression_->pattern();
}

PatternText::PatternText(dns::NameView name) noexcept {
  const auto wire = name.wire();
  for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1UL) {
    if (size_ != 0) text_[size_++] = '.';
    for (const std::uint8_t octet : wire.subspan(at + 1, wire[at]))
      text_[size_++] = static_cast<char>(octet);
  }
}

}  // namespace sluice::filters
