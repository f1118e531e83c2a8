// SPDX-License-Identifier: Apache-2.0
#include "commands/suggest.hpp"

#include <iostream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "commands/recording_set.hpp"
#include "commands/suggestion.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "Example:\n"
    "  $ sluice suggest --namespace payments queries.jsonl.gz > payments.yaml\n"
    "  $ sluice check payments.yaml && kubectl apply -f payments.yaml\n"
    "Three names below one registered domain become `.domain`; fewer are listed one by one. The\n"
    "filter is in Audit mode and changes nothing yet: docs/replay.md tells how to go on.";

struct Options {
  SuggestionOptions suggestion;
  std::string config;
  std::vector<std::string> recordings;
};

int complain(const std::string& text, int exit_code) {
  std::cerr << "sluice: " << text << '\n';
  return exit_code;
}

int suggest(const Options& options) {
  config::Diagnostics diagnostics;
  const auto identities = Identities::load(options.config, diagnostics);
  for (const auto& diagnostic : diagnostics)
    std::cerr << config::to_text(diagnostic) << '\n';
  if (!identities) return exit_usage;
  const auto recordings = read_recordings(options.recordings);
  if (!tell_trouble(recordings)) return exit_usage;

  const auto suggestion = make_suggestion(recordings.tally, *identities, options.suggestion);
  if (suggestion.queries == 0) {
    return complain("no query of namespace " + options.suggestion.namespace_name +
                        " is recorded; --config tells who is behind an address",
                    exit_problems);
  }
  if (suggestion.groups.empty()) {
    return complain(
        "namespace " + options.suggestion.namespace_name + " asked for nothing that needs a rule",
        exit_problems);
  }
  const auto manifest = to_manifest(suggestion, options.suggestion);
  if (!manifest) {
    return complain("more names than one filter can hold; try a larger --min-count", exit_problems);
  }
  std::cout << *manifest;
  return exit_fine;
}

}  // namespace

void add_suggest(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand(
      "suggest", "Write an allow-list for a namespace from recorded queries");
  command->add_option("--namespace", options->suggestion.namespace_name, "Whose queries")
      ->required();
  command->add_option("--name", options->suggestion.filter_name, "Name of the filter")
      ->capture_default_str();
  command
      ->add_option("--min-count", options->suggestion.min_count,
                   "Leave out names asked for less often")
      ->capture_default_str();
  command->add_option("--mode", options->suggestion.mode, "Audit (default) or Enforce")
      ->type_name("MODE")
      ->transform(CLI::CheckedTransformer(std::map<std::string, filters::EnforcementMode>{
                                              {"Audit", filters::EnforcementMode::audit},
                                              {"Enforce", filters::EnforcementMode::enforce}})
                      .description(""));
  command->add_option("--config", options->config,
                      "A sluice.yaml whose identity.static tells who is behind an address");
  command->add_option("RECORDING", options->recordings, "Query logs or dnstap files")->required();
  command->footer(footer);
  command->callback([options, &exit_code] { exit_code = suggest(*options); });
}

}  // namespace sluice::commands
