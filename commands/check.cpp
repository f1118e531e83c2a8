// SPDX-License-Identifier: Apache-2.0
#include "commands/check.hpp"

#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "commands/manifest_files.hpp"
#include "commands/progress.hpp"
#include "config/load.hpp"
#include "crds/loader.hpp"
#include "proxy/static_identities.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "Example:\n"
    "  $ sluice check policies/\n"
    "  policies/shop.yaml:7: spec.rules[0].domains[0]: expected a name in lower case, found ...\n"
    "  3 objects, 1 problem\n"
    "Directories are read at every depth; `-` is standard input, so `helm template . | sluice\n"
    "check -` works. docs/check.md has a commit hook and pipelines ready to copy.";

void check_settings(const std::string& file, config::Diagnostics& problems) {
  const std::size_t before = problems.size();
  const auto settings = config::load_settings_file(file, problems);
  if (settings) proxy::StaticIdentities::make(*settings, problems);
  for (std::size_t i = before; i < problems.size(); ++i) {
    if (problems[i].file.empty()) problems[i].file = file;
  }
}

}  // namespace

ProblemReport check(const CheckOptions& options, std::istream& standard_input) {
  ProblemReport report;
  const auto files = read_manifest_paths(options.paths, standard_input, report.problems);
  const Progress progress("checking " + std::to_string(files.size()) + " files");
  auto loaded = crds::Loader{}.load(files);
  report.object_count = loaded.object_count;
  report.problems.insert(report.problems.end(), loaded.diagnostics.begin(),
                         loaded.diagnostics.end());
  if (!options.config.empty()) check_settings(options.config, report.problems);
  sort_problems(report.problems);
  return report;
}

void add_check(CLI::App& program, int& exit_code) {
  struct Arguments {
    CheckOptions options;
    OutputFormat output = OutputFormat::text;
    Strictness strictness = Strictness::lenient;
  };
  const auto arguments = std::make_shared<Arguments>();
  auto* command = program.add_subcommand("check", "Say what is wrong with policies and settings");
  command->add_option("PATH", arguments->options.paths, "Files, directories, or - for stdin")
      ->required();
  command->add_option("--config", arguments->options.config, "A sluice.yaml to be checked too");
  command->add_flag_callback(
      "--strict", [arguments] { arguments->strictness = Strictness::strict; }, "Warnings fail too");
  add_output_option(*command, arguments->output,
                    {OutputFormat::text, OutputFormat::json, OutputFormat::github});
  command->footer(footer);
  command->callback([arguments, &exit_code] {
    const auto report = check(arguments->options, std::cin);
    std::cout << to_text(report, arguments->output);
    exit_code = has_failed(report, arguments->strictness) ? exit_problems : exit_fine;
  });
}

}  // namespace sluice::commands
