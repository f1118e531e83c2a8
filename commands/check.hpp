// SPDX-License-Identifier: Apache-2.0
// `sluice check`: what is wrong with manifests, before anything takes effect. It says what the
// proxy would say on loading them, and fits into a commit hook or a pipeline.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "commands/problem_report.hpp"

namespace sluice::commands {

struct CheckOptions {
  std::vector<std::string> paths;  ///< see read_manifest_paths()
  std::string config;              ///< sluice.yaml, checked too; empty: none
};

/// Reads everything and reports all problems, sorted.
ProblemReport check(const CheckOptions& options, std::istream& standard_input);

/// Adds the command; `exit_code` is set when it has run.
void add_check(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
