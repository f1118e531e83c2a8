// SPDX-License-Identifier: Apache-2.0
// What every file of settings has in common, whatever its keys: it is one short YAML document, and
// all that is wrong with it is told in the order in which it stands there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "config/node.hpp"

namespace sluice::config {

/// The text of a file of at most 1 MiB, or nothing and a diagnostic.
std::optional<std::string> read_settings_file(const std::filesystem::path& file,
                                              Diagnostics& diagnostics);

/// The one document of the text; an empty text counts as an empty mapping, so that what is missing
/// is told rather than that something is.
std::optional<Node> read_document(const std::string& text, const std::string& file,
                                  Diagnostics& diagnostics);

/// Those from `from` on: top to bottom, as one reads the file; on one line as found.
void sort_by_line(Diagnostics& diagnostics, std::size_t from);

/// Makes a relative path one below `directory`; an empty path stays empty.
void resolve_path(std::filesystem::path& path, const std::filesystem::path& directory);

}  // namespace sluice::config
