// SPDX-License-Identifier: Apache-2.0
// A value in a manifest that knows its own path and line, so that whoever reads it can say exactly
// what is wrong where. Reading never fails: a value of the wrong shape reads as absent, because the
// schema has reported it already and the other problems of the object are wanted as well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/node.hpp"

namespace sluice::crds {

/// Problems told of one object. Whoever has fixed fifty of them will run the check again anyway,
/// and a hostile file must not become a log of many times its size.
inline constexpr std::size_t max_problems_per_object = 50;

/// Collects the problems of one file, object by object.
class Report {
 public:
  Report(std::string file, config::Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics), first_(diagnostics.size()) {}

  void begin_object() { first_ = diagnostics_.size(); }
  void add(int line, const std::string& path, std::string message);
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] bool object_is_wrong() const { return diagnostics_.size() > first_; }
  [[nodiscard]] bool is_full() const {
    return diagnostics_.size() - first_ >= max_problems_per_object;
  }
  /// True when the object being read has a problem with exactly this path.
  [[nodiscard]] bool has_problem_at(const std::string& path) const;
  /// True when there is one with this path or one inside it, or when there may be because not all
  /// were noted.
  [[nodiscard]] bool has_problem_within(const std::string& path) const;

 private:
  std::string file_;
  config::Diagnostics& diagnostics_;
  std::size_t first_;  ///< where the problems of the object being read begin
};

/// How Kubernetes reads a scalar (YAML 1.1, as sigs.k8s.io/yaml): `yes` without quotes is a boolean
/// and `1.2` a number, while everything in quotes is a string.
enum class ScalarKind : std::uint8_t { null, boolean, integer, number, string };
ScalarKind scalar_kind(const config::Node& node);

/// A view of a value in a document. Must not outlive that or its Report.
class Field {
 public:
  struct Entry;

  Field(config::Node& node, std::string path, Report& report)
      : Field(&node, std::move(path), report, 0) {}

  /// False for a field that is missing or has no value.
  [[nodiscard]] bool is_present() const { return is_defined() && !node().is_null(); }
  /// False for a field that is missing.
  [[nodiscard]] bool is_defined() const { return node().is_defined(); }
  [[nodiscard]] const config::Node& node() const;
  [[nodiscard]] const std::string& path() const { return path_; }
  /// The last name in the path: `domains` for `spec.rules[2].domains[0]`.
  [[nodiscard]] std::string_view name() const;
  /// Of the value, or of what it should be in.
  [[nodiscard]] int line() const { return line_; }

  /// A field of a mapping.
  [[nodiscard]] Field child(const std::string& name) const;
  /// The items of a list.
  [[nodiscard]] std::vector<Field> items() const;
  /// The fields of a mapping in the order in which they stand there.
  [[nodiscard]] std::vector<Entry> entries() const;

  [[nodiscard]] std::optional<std::string> text() const;
  [[nodiscard]] std::optional<std::int64_t> integer() const;

  /// Makes a field of a mapping that is missing. Fields of the same mapping are to be asked for
  /// anew then.
  void insert(const std::string& name, config::Node value) const;

  [[nodiscard]] Report& report() const { return *report_; }
  void reject(std::string message) const { report_->add(line_, path_, std::move(message)); }
  /// Rejects with "found this, expected that".
  void reject_value(const std::string& expected) const;
  [[nodiscard]] bool is_rejected() const { return report_->has_problem_at(path_); }
  /// True for a field whose value cannot be relied on, as far as it goes.
  [[nodiscard]] bool is_unsound() const { return report_->has_problem_within(path_); }

 private:
  Field(config::Node* node, std::string path, Report& report, int parent_line);

  config::Node* node_;  ///< null for a field that is missing
  std::string path_;
  Report* report_;
  int line_;
};

/// A field of a mapping with its name; `line` is the one of the name.
struct Field::Entry {
  std::string name;
  int line;
  Field value;
};

/// "the string 'Foo'", "the boolean yes", "a list".
std::string describe_value(const config::Node& node);

}  // namespace sluice::crds
