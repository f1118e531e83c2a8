// SPDX-License-Identifier: Apache-2.0
#include "commands/command_line.hpp"

#include <CLI/CLI.hpp>

#include "commands/check.hpp"
#include "commands/controller.hpp"
#include "commands/exit_code.hpp"
#include "commands/explain.hpp"
#include "commands/query.hpp"
#include "commands/ready.hpp"
#include "commands/replay.hpp"
#include "commands/serve.hpp"
#include "commands/suggest.hpp"
#include "commands/version.hpp"

namespace sluice::commands {
namespace {

constexpr const char* description =
    "Sluice filters DNS for the tenants of a Kubernetes cluster: it knows whose pod asks, runs\n"
    "that tenant's filters, and forwards what is allowed.";

constexpr const char* footer =
    "Exit codes: 0 all is well, 1 problems were found, 2 the command line is wrong.\n"
    "`sluice COMMAND --help` shows an example.";

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App program(description, "sluice");
  program.require_subcommand(1);
  program.footer(footer);
  int exit_code = exit_fine;
  add_serve(program, exit_code);
  add_controller(program, exit_code);
  add_check(program, exit_code);
  add_explain(program, exit_code);
  add_query(program, exit_code);
  add_ready(program, exit_code);
  add_replay(program, exit_code);
  add_suggest(program, exit_code);
  add_version(program);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? exit_fine : exit_usage;
  }
  return exit_code;
}

}  // namespace sluice::commands
