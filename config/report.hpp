// SPDX-License-Identifier: Apache-2.0
// What one loading has seen: where each field stands in the file, and what is wrong with which.
#pragma once

#include <map>
#include <string>

#include "config/diagnostic.hpp"
#include "config/node.hpp"

namespace sluice::config {

/// Collects the diagnostics of one file by field path, such as `listeners[0].tls`.
class Report {
 public:
  /// Writes to `diagnostics`, which must outlive the report.
  Report(std::string file, Diagnostics& diagnostics);

  /// Remembers that a field was written and on which line.
  void note(const std::string& path, int line);

  /// Adds a problem on the line of the field, or of the nearest field around it that was written.
  void add(const std::string& path, std::string message);
  void add_at(int line, const std::string& path, std::string message);

  bool was_written(const std::string& path) const;

  /// Whether nothing was found wrong with the field or inside it. Checks that combine fields ask
  /// first, so that one mistake is told once.
  bool is_sound(const std::string& path) const;

  bool is_clean() const { return diagnostics_.size() == problems_before_; }

 private:
  int line_around(std::string path) const;

  std::string file_;
  Diagnostics& diagnostics_;
  std::size_t problems_before_;
  std::map<std::string, int, std::less<>> lines_;
};

/// One value of the file, which must outlive this, with what is needed to complain about it.
struct Value {
  const Node& node;
  std::string path;
  Report& report;

  /// `expected <what>, found <the value>`.
  void complain(const std::string& expected) const;
};

/// `path.key`, or `key` at the top.
std::string join_path(const std::string& path, const std::string& key);
/// `path[index]`.
std::string join_path(const std::string& path, std::size_t index);

}  // namespace sluice::config
