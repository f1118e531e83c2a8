// SPDX-License-Identifier: Apache-2.0
// Packets written down as annotated hex: octets in any grouping, `#` starts a comment. The first
// two lines say what the packet is and what becomes of it:
//
//   # note: a compression pointer to itself
//   # expect: FORMERR
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/test_message.hpp"

namespace sluice::tests {

struct HexFile {
  std::string name;  ///< of the file, without directory and ending
  std::string note;
  std::string expect;
  Octets octets;
};

/// Throws std::invalid_argument on anything that is not as above.
HexFile read_hex_file(const std::filesystem::path& path);

/// All *.hex files of a directory, by name.
std::vector<HexFile> read_hex_files(const std::filesystem::path& directory);

}  // namespace sluice::tests
