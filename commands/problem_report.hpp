// SPDX-License-Identifier: Apache-2.0
// What `sluice check` found, for people, programs and GitHub.
#pragma once

#include <cstddef>
#include <string>

#include "commands/output_format.hpp"
#include "config/diagnostic.hpp"

namespace sluice::commands {

struct ProblemReport {
  std::size_t object_count = 0;  ///< objects without a problem
  config::Diagnostics problems;
};

/// By file and line; what stands at one place keeps its order.
void sort_problems(config::Diagnostics& problems);

/// A line for each problem and a summary, or one JSON document, or one workflow command for each
/// problem and the summary. Ends with a newline.
std::string to_text(const ProblemReport& report, OutputFormat format);

}  // namespace sluice::commands
