// SPDX-License-Identifier: Apache-2.0
// What must hold for every input: a broken promise is a crash, which is what fuzzers look for.
#pragma once

#include <cstdlib>

namespace sluice::tests {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace sluice::tests
