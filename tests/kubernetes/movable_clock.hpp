// SPDX-License-Identifier: Apache-2.0
// A clock on the wall that a test moves, for the programs that it starts meanwhile. What counts how
// long something takes is left alone, as it is when somebody sets the clock of a node.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace sluice::tests {

class MovableClock {
 public:
  /// `file` is the clock's own. Skips the test where libfaketime is not installed.
  explicit MovableClock(std::filesystem::path file);
  ~MovableClock();
  MovableClock(const MovableClock&) = delete;
  MovableClock& operator=(const MovableClock&) = delete;

  /// In seconds beside the real time: `+3600`.
  void move(const std::string& offset) const;
  /// What is started from here on has the real time.
  void apply_to_nothing_else() const;

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> variables_;
};

}  // namespace sluice::tests
