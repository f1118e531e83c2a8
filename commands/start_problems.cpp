// SPDX-License-Identifier: Apache-2.0
#include "commands/start_problems.hpp"

#include <iostream>

#include "commands/exit_code.hpp"

namespace sluice::commands {

int print_start_problems(config::Diagnostics diagnostics, const std::string& file) {
  for (auto& diagnostic : diagnostics) {
    if (diagnostic.file.empty()) diagnostic.file = file;
    std::cerr << config::to_text(diagnostic) << '\n';
  }
  std::cerr << "sluice: " << diagnostics.size()
            << (diagnostics.size() == 1 ? " problem" : " problems") << ", not started\n";
  return exit_problems;
}

}  // namespace sluice::commands
