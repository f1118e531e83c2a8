// SPDX-License-Identifier: Apache-2.0
// What a program that does not start says.
#pragma once

#include <string>

#include "config/diagnostic.hpp"

namespace sluice::commands {

/// All problems on standard error, those without a file as problems of `file`, and how many there
/// are. The exit code.
int print_start_problems(config::Diagnostics diagnostics, const std::string& file);

}  // namespace sluice::commands
