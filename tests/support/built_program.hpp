// SPDX-License-Identifier: Apache-2.0
// Programs that tools/build_* leaves in the user's cache, if the machine can build them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace sluice::tests {

/// Nothing if the program is there, else why not: what its script has left beside it, or
/// `otherwise` where that never ran to its end.
std::optional<std::string> reason_without(const std::filesystem::path& program,
                                          const std::string& otherwise);

}  // namespace sluice::tests
