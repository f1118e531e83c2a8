// SPDX-License-Identifier: Apache-2.0
// What a coroutine that nobody waits for ends with.
#pragma once

#include <exception>

namespace sluice::kubernetes {

/// Whatever gets here is a bug, or memory that has run out.
inline void rethrow(const std::exception_ptr& exception) {
  if (exception) std::rethrow_exception(exception);
}

}  // namespace sluice::kubernetes
