// SPDX-License-Identifier: Apache-2.0
// What is wrong with policies, in the log: each problem once, however often the others are loaded
// anew, and a bounded number of lines at a time.
#pragma once

#include <cstddef>
#include <unordered_set>

#include "config/diagnostic.hpp"

namespace sluice::proxy {

/// Lives on one thread.
class PolicyProblems {
 public:
  /// As many lines at once are read by nobody; how many more there are is told.
  static constexpr std::size_t max_lines = 100;

  /// Logs what the last call did not have. `all` is everything that is wrong now.
  void report(const config::Diagnostics& all);

 private:
  std::unordered_set<std::size_t> told_;  ///< hashes of the lines
};

}  // namespace sluice::proxy
