// SPDX-License-Identifier: Apache-2.0
// `sluice suggest`: an allow-list for a namespace, made from what it asked for.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command; `exit_code` is set when it has run.
void add_suggest(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
