// SPDX-License-Identifier: Apache-2.0
// `--output`: for whom a command writes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include <CLI/App.hpp>

namespace sluice::commands {

enum class OutputFormat : std::uint8_t {
  text,    ///< for people
  json,    ///< for programs: one document
  github,  ///< workflow commands of GitHub Actions, shown at the lines of a change
};

/// Adds `--output`, which takes the names of `formats`. `format` must live as long as `command`.
void add_output_option(CLI::App& command, OutputFormat& format,
                       std::initializer_list<OutputFormat> formats);

}  // namespace sluice::commands
