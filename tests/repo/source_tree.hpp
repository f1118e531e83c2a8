// SPDX-License-Identifier: Apache-2.0
// The repository's files as tests see them: by folder, line by line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sluice::tests {

struct TreeFile {
  std::string path;  ///< relative to the root, such as `dns/name.hpp`
  std::vector<std::string> lines;
};

/// The folders that hold C++.
const std::vector<std::string>& source_folders();

/// Every .cpp and .hpp below those folders, by path. Read once.
const std::vector<TreeFile>& source_files();

/// The .md files at the root and below docs/.
std::vector<TreeFile> document_files();

/// Our scripts: `dev`, .ci/run, what is executable in tools/, and every .py.
std::vector<TreeFile> script_files();

}  // namespace sluice::tests
