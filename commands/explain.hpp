// SPDX-License-Identifier: Apache-2.0
// `sluice explain`: why a name is answered as it is.
#pragma once

#include <CLI/App.hpp>

namespace sluice::commands {

void add_explain(CLI::App& program, int& exit_code);

}  // namespace sluice::commands
