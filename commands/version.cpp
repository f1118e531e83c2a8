// SPDX-License-Identifier: Apache-2.0
#include "commands/version.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

#include "proxy/version.hpp"

namespace sluice::commands {

void add_version(CLI::App& program) {
  auto* command = program.add_subcommand("version", "Print the version");
  command->callback([] { std::cout << "sluice " << proxy::version << '\n'; });
}

}  // namespace sluice::commands
