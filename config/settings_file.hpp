// SPDX-License-Identifier: Apache-2.0
// What every file of settings has in common, whatever its keys: it is one short YAML document, and
// all that is wrong with it is told in the order in which it stands there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "config/field.hpp"
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

/// What one file of settings has of its own.
template <typename Settings>
struct SettingsFormat {
  const Keys<Settings>& keys;
  /// Fills in what depends on other keys, and reports what only several keys together show.
  void (*finish)(Settings& settings, Report& report);
  /// Paths in a file are relative to its directory.
  void (*resolve_paths)(Settings& settings, const std::filesystem::path& directory);
};

/// Complete settings, or nothing and at least one diagnostic.
template <typename Settings>
std::optional<Settings> read_settings(const std::string& text, const std::string& file,
                                      const SettingsFormat<Settings>& format,
                                      Diagnostics& diagnostics) {
  const std::size_t problems_before = diagnostics.size();
  const auto document = read_document(text, file, diagnostics);
  if (!document) return std::nullopt;
  Settings settings;
  Report report(file, diagnostics);
  read_section(Value{*document, "", report}, format.keys, settings);
  if (document->is_mapping()) format.finish(settings, report);
  if (!report.is_clean()) {
    sort_by_line(diagnostics, problems_before);
    return std::nullopt;
  }
  format.resolve_paths(settings, std::filesystem::path(file).parent_path());
  return settings;
}

}  // namespace sluice::config
