// SPDX-License-Identifier: Apache-2.0
// What `sluice check` found, for people, programs and GitHub.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "commands/output_format.hpp"
#include "config/diagnostic.hpp"

namespace sluice::commands {

struct ProblemReport {
  std::size_t object_count = 0;  ///< objects without a problem
  config::Diagnostics problems;  ///< errors and warnings
};

enum class Strictness : std::uint8_t {
  lenient,  ///< warnings are told and nothing more
  strict,   ///< a warning fails like an error
};

/// Whether there is something that should stop a pipeline.
bool has_failed(const ProblemReport& report, Strictness strictness);

/// By file and line; what stands at one place by field and message.
void sort_problems(config::Diagnostics& problems);

/// A line for each problem and a summary, or one JSON document, or one workflow command for each
/// problem and the summary. Ends with a newline.
std::string to_text(const ProblemReport& report, OutputFormat format);

}  // namespace sluice::commands
