// SPDX-License-Identifier: Apache-2.0
// Where the fields of an object stand in its file, kept beside what was read from them: for
// problems that show only when all objects are known, long after the text is gone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/diagnostic.hpp"
#include "crds/field.hpp"

namespace sluice::crds {

/// The lines of fields by their paths. A field on the line of the one around it takes no memory,
/// nor do the items of long lists.
class Places {
 public:
  Places() = default;
  /// Of `root` and everything in it.
  explicit Places(const Field& root);

  /// Of the field, or of the nearest one around it that is known; 0 when there is none.
  [[nodiscard]] int line(std::string_view path) const;

 private:
  void add(const Field& field, int line_around);

  std::vector<std::pair<std::string, int>> lines_;  ///< by path
};

/// Where an object stands.
struct Origin {
  std::string file;
  std::string prefix;  ///< of paths: empty, or `items[0]` for an object in a List
  Places places;

  /// A problem with a field of the object, such as `spec.rules[0].action`.
  [[nodiscard]] config::Diagnostic problem(const std::string& path, std::string message) const;
  [[nodiscard]] config::Diagnostic warning(const std::string& path, std::string message) const;
};

/// `spec.rules[2]`.
std::string rule_path(std::size_t index);

}  // namespace sluice::crds
