// SPDX-License-Identifier: Apache-2.0
#include "tests/commands/transcript.hpp"

#include <fstream>

namespace sluice::tests {
namespace {

bool goes_on(const TranscriptStep& step) {
  return step.expected.empty() && step.command.ends_with('\\');
}

void add_line(std::vector<TranscriptStep>& steps, const std::string& line,
              const std::string& where) {
  if (line.starts_with("$ ")) {
    steps.push_back({.where = where, .command = line.substr(2), .expected = {}});
  } else if (!steps.empty() && goes_on(steps.back())) {
    steps.back().command += '\n' + line;
  } else if (!steps.empty()) {
    steps.back().expected += line + '\n';
  }
}

}  // namespace

std::vector<TranscriptStep> read_transcript(const std::filesystem::path& document,
                                            const std::string& shown_as) {
  std::vector<TranscriptStep> steps;
  std::ifstream file(document);
  bool is_inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line == "```console") {
      is_inside = true;
    } else if (line == "```") {
      is_inside = false;
    } else if (is_inside) {
      add_line(steps, line, shown_as + ':' + std::to_string(number));
    }
  }
  return steps;
}

}  // namespace sluice::tests
