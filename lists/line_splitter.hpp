// SPDX-License-Identifier: Apache-2.0
// Cuts a stream of octets into lines, whatever the chunks that it comes in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::lists {

/// Lines end with LF or CRLF; a byte order mark in front of the first is dropped. Holds at most one
/// line of max_line_size.
class LineSplitter {
 public:
  /// Rules for browsers are the longest lines by far; those of real lists stay below 10,000 octets.
  static constexpr std::size_t max_line_size = 16384;

  /// One line without its end; `number` counts from 1. The text is gone when the call returns.
  struct Line {
    std::string_view text;
    std::uint64_t number = 0;
    bool is_cut = false;  ///< it was longer; the text is its beginning
  };
  using Take = std::function<void(const Line& line)>;

  explicit LineSplitter(Take take) : take_(std::move(take)) {}

  void feed(std::string_view octets);
  /// The last line, if it has no end.
  void finish();

  /// Lines taken so far.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  void give(std::string_view text);

  Take take_;
  std::string start_;  ///< of a line whose end has not come yet
  bool is_open_ = false;
  std::uint64_t count_ = 0;
};

}  // namespace sluice::lists
