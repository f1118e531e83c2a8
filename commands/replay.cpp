// SPDX-License-Identifier: Apache-2.0
#include "commands/replay.hpp"

#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "commands/loaded_policies.hpp"
#include "commands/recording_set.hpp"
#include "commands/replay_report.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "Example: what would this change of policy have done to yesterday's queries?\n"
    "  $ git worktree add ../before main\n"
    "  $ sluice replay --policies policies/ --baseline ../before/policies/ queries.jsonl.gz\n"
    "Recordings are query logs of Sluice or dnstap files, plain or compressed with gzip; - is\n"
    "standard input. Without --baseline they are compared to the verdicts that were recorded.\n"
    "Exit code 1 says that something would change. docs/replay.md tells the whole story.";

struct Options {
  std::string policies;
  std::string baseline;
  std::string config;
  std::vector<std::string> recordings;
  std::size_t examples = 5;
  OutputFormat output = OutputFormat::text;
};

/// Null and diagnostics if something is wrong with the policies.
std::unique_ptr<PolicyJudge> make_judge(const std::string& directory, const Options& options,
                                        const Identities& identities,
                                        config::Diagnostics& diagnostics) {
  auto loaded = load_policies(directory, options.config, diagnostics);
  if (!loaded) return nullptr;
  auto compiler_options = loaded->options(identities.cluster_zones());
  return std::make_unique<PolicyJudge>(std::move(loaded->policies), std::move(compiler_options));
}

int tell_problems(const config::Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics)
    std::cerr << config::to_text(diagnostic) << '\n';
  std::cerr << "sluice: nothing judged; mend this first\n";
  return exit_usage;
}

int replay(const Options& options) {
  config::Diagnostics diagnostics;
  const auto identities = Identities::load(options.config, diagnostics);
  if (!identities) return tell_problems(diagnostics);
  const auto judge = make_judge(options.policies, options, *identities, diagnostics);
  std::unique_ptr<PolicyJudge> baseline;
  if (!options.baseline.empty()) {
    baseline = make_judge(options.baseline, options, *identities, diagnostics);
  }
  if (!diagnostics.empty()) return tell_problems(diagnostics);

  const auto recordings = read_recordings(options.recordings);
  if (!tell_trouble(recordings)) return exit_usage;
  const ReplayReport report{
      .comparison = compare(recordings.tally, *identities, *judge, baseline.get()),
      .bad = recordings.bad,
      .examples = options.examples};
  std::cout << to_text(report, options.output);
  return report.comparison.changed() == 0 ? exit_fine : exit_problems;
}

}  // namespace

void add_replay(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("replay", "Judge recorded queries anew and say what would change");
  command->add_option("--policies", options->policies, "Directory of the policies to try")
      ->required();
  command->add_option("--baseline", options->baseline,
                      "Directory of policies to compare to, instead of the recorded verdicts");
  command->add_option("--config", options->config,
                      "A sluice.yaml whose identity.static tells who is behind an address");
  command->add_option("--top", options->examples, "Questions shown for each change")
      ->capture_default_str();
  add_output_option(*command, options->output, {OutputFormat::text, OutputFormat::json});
  command->add_option("RECORDING", options->recordings, "Query logs or dnstap files")->required();
  command->footer(footer);
  command->callback([options, &exit_code] { exit_code = replay(*options); });
}

}  // namespace sluice::commands
