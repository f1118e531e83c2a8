// SPDX-License-Identifier: Apache-2.0
// `sluice replay`: what policies would have done to queries that were recorded.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command; `exit_code` is set when it has run.
void add_replay(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
