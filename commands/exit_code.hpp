// SPDX-License-Identifier: Apache-2.0
// Exit codes of the `sluice` program: part of its interface, scripts and pipelines test for them.
#pragma once

namespace sluice::commands {

/// All is well.
inline constexpr int exit_fine = 0;
/// The command did its work and found what it was asked to find: problems, changes, no answer.
inline constexpr int exit_problems = 1;
/// The command line is wrong, or what it names cannot be read.
inline constexpr int exit_usage = 2;

}  // namespace sluice::commands
