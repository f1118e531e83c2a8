// SPDX-License-Identifier: Apache-2.0
// The commands of the `sluice` program.
#pragma once

namespace sluice::proxy {

/// Exit codes: part of the interface.
inline constexpr int exit_fine = 0;
inline constexpr int exit_problems = 1;
inline constexpr int exit_usage = 2;

/// Parses the arguments and runs the command. Returns the exit code.
int run_command_line(int argc, const char* const* argv);

}  // namespace sluice::proxy
