// SPDX-License-Identifier: Apache-2.0
// What a document shows of a terminal: commands behind `$ `, and below each what it writes.
//
//   ```console
//   $ sluice check policies/
//   1 object, 0 problems
//   ```
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sluice::tests {

struct TranscriptStep {
  std::string where;     ///< `docs/check.md:12`
  std::string command;   ///< for a shell; lines that end with a backslash go on
  std::string expected;  ///< standard output and standard error together
};

/// The steps of all ```console blocks of a document, in order.
std::vector<TranscriptStep> read_transcript(const std::filesystem::path& document,
                                            const std::string& shown_as);

}  // namespace sluice::tests
