// SPDX-License-Identifier: Apache-2.0
// What the tests that run an agent on a real API server have in common.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {

/// Where an agent gets its policies from.
struct AgentSource {
  std::string node_name;
  std::filesystem::path kubeconfig;
  std::filesystem::path snapshot_file;
};

/// The line of sluice.yaml, for ProgramOptions::policies.
std::string settings_of(const AgentSource& source);

/// Makes a filter `web` that denies the namespace's pods these names, or changes it to that.
void deny(const ControlPlane& plane, const std::string& namespace_name,
          const std::vector<std::string>& names);

/// Whether a file is there and has the text in it.
bool file_contains(const std::filesystem::path& file, const std::string& text);

}  // namespace sluice::tests
