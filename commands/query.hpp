// SPDX-License-Identifier: Apache-2.0
// `sluice query`: asks a DNS server, verifies it, and shows what it said and why.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

/// Adds the command; `exit_code` is set when it has run.
void add_query(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
