// SPDX-License-Identifier: Apache-2.0
// `sluice ready`: a probe for where one over the network could reach another process.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command; its outcome goes to `exit_code`.
void add_ready(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
