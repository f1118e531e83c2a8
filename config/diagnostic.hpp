// SPDX-License-Identifier: Apache-2.0
// One problem in something that a person wrote, told so that the person can mend it. Loading
// collects all of them; nobody has to run a command five times to learn of five mistakes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::config {

/// An error keeps something from taking effect; a warning tells of what does, and may surprise.
enum class Severity : std::uint8_t { error, warning };

/// `file:line: path: message`. The message says what was found and what was expected instead.
struct Diagnostic {
  std::string file;
  int line = 0;      ///< 1-based; 0 when the problem is about the file as a whole
  std::string path;  ///< field path such as `spec.rules[2].action`; empty for the document itself
  std::string message;
  Severity severity = Severity::error;
  /// For programs: the reason of the status condition that an API server would be told.
  std::string reason = "Invalid";

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// Whether any of them is an error.
bool has_errors(const Diagnostics& diagnostics);

/// The form that compilers use, which editors and CI systems turn into links.
std::string to_text(const Diagnostic& diagnostic);

}  // namespace sluice::config
