// SPDX-License-Identifier: Apache-2.0
// A port for a program that cannot be told to choose one and to say which.
#pragma once

#include <cstdint>

namespace sluice::tests {

/// A TCP port of 127.0.0.1. Free now; somebody else may be quicker, so whoever uses it tries again.
/// Throws std::runtime_error if there is none.
std::uint16_t likely_free_port();

}  // namespace sluice::tests
