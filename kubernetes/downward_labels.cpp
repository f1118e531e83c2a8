// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/downward_labels.hpp"

#include <algorithm>

namespace sluice::kubernetes {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The API server has checked where which of them may stand.
bool is_of_a_label(std::string_view text, std::string_view punctuation) {
  return std::ranges::all_of(text, [&](char c) {
    return is_alphanumeric(c) || punctuation.find(c) != std::string_view::npos;
  });
}

bool read_line(std::string_view line, filters::Labels& labels) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::string_view key = line.substr(0, equals);
  const std::string_view quoted = line.substr(equals + 1);
  if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return false;
  const std::string_view value = quoted.substr(1, quoted.size() - 2);
  if (!is_of_a_label(key, "-._/") || !is_of_a_label(value, "-._")) return false;
  return labels.emplace(key, value).second;
}

}  // namespace

std::optional<filters::Labels> read_downward_labels(std::string_view text, const std::string& file,
                                                    config::Diagnostics& diagnostics) {
  const std::size_t problems = diagnostics.size();
  filters::Labels labels;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || read_line(line, labels)) continue;
    diagnostics.push_back({.file = file,
                           .line = number,
                           .path = {},
                           .message =
                               "is no label of a pod; expected lines such as app=\"web\", as "
                               "a downwardAPI volume has them for metadata.labels"});
  }
  if (diagnostics.size() != problems) return std::nullopt;
  return labels;
}

}  // namespace sluice::kubernetes
