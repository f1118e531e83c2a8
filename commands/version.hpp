// SPDX-License-Identifier: Apache-2.0
// `sluice version`.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command.
void add_version(CLI::App& program);

}  // namespace sluice::commands
