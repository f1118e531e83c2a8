// SPDX-License-Identifier: Apache-2.0
#include "commands/output_format.hpp"

#include <array>
#include <map>

#include <CLI/CLI.hpp>

namespace sluice::commands {
namespace {

constexpr std::array names{"text", "json", "github"};

}  // namespace

void add_output_option(CLI::App& command, OutputFormat& format,
                       std::initializer_list<OutputFormat> formats) {
  std::map<std::string, OutputFormat> words;
  std::string help;
  for (const OutputFormat choice : formats) {
    const std::string name = names[static_cast<std::size_t>(choice)];
    words.emplace(name, choice);
    help += (help.empty() ? "" : ", ") + name;
  }
  // The library's own description of the choices shows their numbers.
  command.add_option("--output", format, "How to write: " + help)
      ->type_name("FORMAT")
      ->transform(CLI::CheckedTransformer(std::move(words)).description(""));
}

}  // namespace sluice::commands
