// SPDX-License-Identifier: Apache-2.0
// From the text of sluice.yaml to settings, or to everything that is wrong with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"

namespace sluice::config {

/// Complete settings, or nothing and at least one diagnostic. `file` is what diagnostics call the
/// text; relative paths in it become relative to the directory of `file`.
///
/// CIDRs are not looked at: whoever makes filters::Prefix of them tells what is wrong with one.
std::optional<Settings> load_settings(const std::string& text, const std::string& file,
                                      Diagnostics& diagnostics);

/// The same for a file on disk.
std::optional<Settings> load_settings_file(const std::filesystem::path& file,
                                           Diagnostics& diagnostics);

}  // namespace sluice::config
