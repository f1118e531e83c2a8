// SPDX-License-Identifier: Apache-2.0
// A handful of questions that show what Sluice does, asked as different pods.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::demo {

/// The zone that stands for cluster and internet.
extern const char* const zone;

/// Asks over UDP from the pods' loopback addresses and prints a table of verdicts with their
/// reasons. False if Sluice did not answer.
bool show_queries(std::uint16_t port);

}  // namespace sluice::demo
