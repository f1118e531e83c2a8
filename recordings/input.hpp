// SPDX-License-Identifier: Apache-2.0
// A recording as a stream of octets: a file or standard input, compressed with gzip or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

struct gzFile_s;

namespace sluice::recordings {

class Input {
 public:
  /// Opens the file; "-" is standard input. failure() tells if that did not work.
  explicit Input(const std::string& path);

  /// The next octet without taking it; nothing at the end.
  std::optional<std::uint8_t> peek();
  /// Fills `buffer` as far as the rest goes; 0 at the end.
  std::size_t read(std::span<std::uint8_t> buffer);

  /// How a line came in.
  enum class LineResult : std::uint8_t { line, too_long, end };
  /// The next line without its end. Of one with more than `limit` octets the rest is skipped.
  LineResult read_line(std::string& line, std::size_t limit);

  /// What went wrong; nothing so far if empty.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  struct Closer {
    void operator()(gzFile_s* file) const;
  };
  void check();

  std::unique_ptr<gzFile_s, Closer> file_;
  std::string failure_;
};

}  // namespace sluice::recordings
