// SPDX-License-Identifier: Apache-2.0
#include "crds/places.hpp"

#include <algorithm>

namespace sluice::crds {
namespace {

/// As many as any list has whose items are ever told of later; entries of DomainLists are not.
constexpr std::size_t max_items_kept = 256;

/// `spec.rules` for `spec.rules[2]`, and at last nothing.
std::string_view around(std::string_view path) {
  const auto end = path.find_last_of(".[");
  return path.substr(0, end == std::string_view::npos ? 0 : end);
}

}  // namespace

Places::Places(const Field& root) {
  if (root.line() == 0) return;  // it comes from an API server, and stands on no line
  add(root, 0);
  std::sort(lines_.begin(), lines_.end());
}

void Places::add(const Field& field, int line_around) {
  const int line = field.line() > 0 ? field.line() : line_around;
  if (line != line_around) lines_.emplace_back(field.path(), line);
  for (const auto& entry : field.entries()) {
    add(entry.value, line);
  }
  if (!field.is_defined() || field.node().size() > max_items_kept) return;
  for (const Field& item : field.items()) {
    add(item, line);
  }
}

int Places::line(std::string_view path) const {
  for (;;) {
    const auto found = std::lower_bound(
        lines_.begin(), lines_.end(), path,
        [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
    if (found != lines_.end() && found->first == path) return found->second;
    if (path.empty()) return 0;
    path = around(path);
  }
}

config::Diagnostic Origin::problem(const std::string& path, std::string message) const {
  std::string full = prefix.empty() || path.empty() ? prefix + path : prefix + '.' + path;
  const int line = places.line(full);
  return {.file = file, .line = line, .path = std::move(full), .message = std::move(message)};
}

config::Diagnostic Origin::warning(const std::string& path, std::string message) const {
  config::Diagnostic diagnostic = problem(path, std::move(message));
  diagnostic.severity = config::Severity::warning;
  return diagnostic;
}

std::string rule_path(std::size_t index) {
  return "spec.rules[" + std::to_string(index) + ']';
}

}  // namespace sluice::crds
