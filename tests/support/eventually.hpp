// SPDX-License-Identifier: Apache-2.0
// Waiting for what another process does in its own time.
#pragma once

#include <chrono>
#include <functional>

namespace sluice::tests {

/// Asks again and again, until the condition holds or the time is over.
bool eventually(std::chrono::milliseconds timeout, const std::function<bool()>& condition);

}  // namespace sluice::tests
