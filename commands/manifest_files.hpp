// SPDX-License-Identifier: Apache-2.0
// The manifests that a command line names: files, directories at any depth, standard input.
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "crds/manifest.hpp"

namespace sluice::commands {

/// What diagnostics call standard input.
inline constexpr const char* standard_input_name = "<stdin>";

/// Reads them all, each once, ordered as given and inside a directory by path. A file that is named
/// is read whatever its name; of a directory the *.yaml and *.yml, hidden files and folders left
/// out. "-" is `standard_input`. What cannot be read is told in `diagnostics`.
std::vector<crds::Source> read_manifest_paths(const std::vector<std::string>& paths,
                                              std::istream& standard_input,
                                              config::Diagnostics& diagnostics);

}  // namespace sluice::commands
