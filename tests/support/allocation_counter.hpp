// SPDX-License-Identifier: Apache-2.0
// Counts heap allocations, for tests that hold the query path to its promise of none. A program
// that uses it gets malloc and its relatives replaced by counting ones; operator new ends there
// too.
#pragma once

#include <cstddef>

namespace sluice::tests {

/// Allocations of the current thread since the counter was made.
class AllocationCounter {
 public:
  /// False under sanitizers, which replace malloc themselves: such a test should skip.
  static bool is_supported();

  AllocationCounter();
  [[nodiscard]] std::size_t count() const;

 private:
  std::size_t start_;
};

}  // namespace sluice::tests
