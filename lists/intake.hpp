// SPDX-License-Identifier: Apache-2.0
// What has been read of a list so far: entries, and the lines that are none. Formats tell it what a
// line means; it keeps the line's number and text beside what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/name_set_builder.hpp"

namespace sluice::lists {

/// A line that has no effect because it could not be read or must not be guessed at.
struct BadLine {
  std::uint64_t number = 0;  ///< from 1
  std::string excerpt;       ///< printable ASCII, at most 80 octets of the line
  std::string reason;        ///< what was found, and what to do
  bool operator==(const BadLine&) const = default;
};

class Intake {
 public:
  /// As many bad lines are kept as a person will read.
  static constexpr std::size_t max_bad_lines = 10;

  explicit Intake(std::uint64_t seed) : builder_(seed) {}

  /// What is added and refused from now on belongs to this line. The text need not outlive what is
  /// said of it.
  void begin_line(std::uint64_t number, std::string_view text);

  void add(dns::NameView name, filters::EntryReach reach,
           filters::EntryAction action = filters::EntryAction::listed) {
    builder_.add(name, reach, action);
  }
  void add(const filters::Prefix& prefix, filters::EntryAction action) {
    builder_.add(prefix, action);
  }
  void add_local_data(dns::NameView name, filters::EntryReach reach, const filters::Rewrite& data);
  void add_local_data(const filters::Prefix& prefix, const filters::Rewrite& data);

  /// The line is bad. Counted once for a line, however often it is told.
  void refuse(const std::string& reason);
  /// The line is fine and means nothing to a DNS filter.
  void skip() { ++skipped_; }

  [[nodiscard]] std::size_t size() const { return builder_.size(); }
  [[nodiscard]] std::uint64_t bad_line_count() const { return bad_line_count_; }
  [[nodiscard]] std::uint64_t skipped_count() const { return skipped_; }
  [[nodiscard]] const std::vector<BadLine>& bad_lines() const { return bad_lines_; }
  /// Why the list as a whole cannot be taken.
  [[nodiscard]] const std::optional<std::string>& refusal() const { return refusal_; }
  [[nodiscard]] filters::NameSet finish() && { return std::move(builder_).finish(); }

 private:
  void note(filters::LocalDataProblem problem);

  filters::NameSet::Builder builder_;
  std::uint64_t number_ = 0;
  std::string_view text_;
  bool is_bad_ = false;
  std::uint64_t bad_line_count_ = 0;
  std::uint64_t skipped_ = 0;
  std::vector<BadLine> bad_lines_;
  std::optional<std::string> refusal_;
};

}  // namespace sluice::lists
