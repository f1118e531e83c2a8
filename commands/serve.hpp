// SPDX-License-Identifier: Apache-2.0
// `sluice serve`: the proxy itself.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command; `exit_code` is set when it has run.
void add_serve(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
