// SPDX-License-Identifier: Apache-2.0
// `sluice controller`: what writes the status of policies.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command; `exit_code` is set when it has run.
void add_controller(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
