// SPDX-License-Identifier: Apache-2.0
// The commands of the `sluice` program, put together. Each stands in a file of its own, which knows
// its options, its help and what it does.
#pragma once

namespace sluice::commands {

/// Parses the arguments and runs the command. Returns the exit code, one of exit_code.hpp.
int run_command_line(int argc, const char* const* argv);

}  // namespace sluice::commands
