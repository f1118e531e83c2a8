// SPDX-License-Identifier: Apache-2.0
// The recordings that a command line names, counted together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "recordings/tally.hpp"

namespace sluice::commands {

struct RecordingSet {
  recordings::Tally tally;
  std::uint64_t queries = 0;
  std::uint64_t bad = 0;              ///< lines and frames that cannot be read
  std::vector<std::string> warnings;  ///< a line for each recording with such
  std::vector<std::string> failures;  ///< recordings that cannot be read to their end
};

/// Reads them all; shows its progress on a terminal. "-" is standard input.
RecordingSet read_recordings(const std::vector<std::string>& paths);

/// Tells warnings and failures on standard error. True if there was no failure.
bool tell_trouble(const RecordingSet& recordings);

}  // namespace sluice::commands
