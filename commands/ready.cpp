// SPDX-License-Identifier: Apache-2.0
#include "commands/ready.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "For a probe inside of the agent's own container, as two agents share the node's ports while\n"
    "one of them is updated:\n"
    "  sluice serve --config sluice.yaml --ready-file /var/lib/sluice/ready\n"
    "  sluice ready /var/lib/sluice/ready";

int ready(const std::string& file) {
  std::error_code error;
  if (std::filesystem::exists(file, error)) return exit_fine;
  std::cerr << "sluice: not ready: there is no " << file << '\n';
  return exit_problems;
}

}  // namespace

void add_ready(CLI::App& program, int& exit_code) {
  const auto file = std::make_shared<std::string>();
  auto* command = program.add_subcommand(
      "ready", "Say whether the `sluice serve` with this --ready-file serves");
  command->add_option("FILE", *file, "As given to --ready-file")->required();
  command->footer(footer);
  command->callback([file, &exit_code] { exit_code = ready(*file); });
}

}  // namespace sluice::commands
