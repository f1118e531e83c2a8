// SPDX-License-Identifier: Apache-2.0
#include "tests/support/built_program.hpp"

#include <fstream>

namespace sluice::tests {

std::optional<std::string> reason_without(const std::filesystem::path& program,
                                          const std::string& otherwise) {
  if (std::filesystem::exists(program)) return std::nullopt;
  std::ifstream file(program.parent_path() / "reason");
  std::string reason;
  if (!std::getline(file, reason)) reason = otherwise;
  return reason;
}

}  // namespace sluice::tests
