// SPDX-License-Identifier: Apache-2.0
#include "filters/name_pattern.hpp"

namespace sluice::filters {

boost::system::result<NamePattern, std::string> NamePattern::compile(const std::string& text) {
  RE2::Options options;
  options.set_max_mem(static_cast<std::int64_t>(max_pattern_memory));
  options.set_log_errors(false);
  options.set_never_capture(true);
  // Names are octets: as UTF-8, a name that is none would match nothing, `.*` included.
  options.set_encoding(RE2::Options::EncodingLatin1);
  auto expression = std::make_shared<const RE2>(text, options);
  if (expression->ok()) return NamePattern(std::move(expression));
  if (expression->error_code() == RE2::ErrorPatternTooLarge ||
      expression->error_code() == RE2::ErrorRepeatSize)
    return "costs too much (" + expression->error() +
           "); use smaller repetitions, or several patterns";
  return "is no regular expression that RE2 understands (" + expression->error() +
         "); see https://github.com/google/re2/wiki/Syntax";
}

bool NamePattern::matches(std::string_view name) const noexcept {
  return RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *expression_);
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
