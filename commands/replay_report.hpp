// SPDX-License-Identifier: Apache-2.0
// What a replay found, as a table for people or as JSON.
#pragma once

#include <cstddef>
#include <string>

#include "commands/output_format.hpp"
#include "commands/replay_comparison.hpp"

namespace sluice::commands {

struct ReplayReport {
  Comparison comparison;
  std::uint64_t bad = 0;     ///< lines and frames that could not be read
  std::size_t examples = 5;  ///< questions shown for each change, the most frequent ones
};

/// Ends with a newline.
std::string to_text(const ReplayReport& report, OutputFormat format);

}  // namespace sluice::commands
