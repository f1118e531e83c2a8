// SPDX-License-Identifier: Apache-2.0
// Policies with their lists, for commands that judge without serving.
#pragma once

#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "filters/compiler.hpp"

namespace sluice::commands {

struct LoadedPolicies {
  filters::PolicySet policies;
  filters::NameSets lists;  ///< made with hash_seed

  /// Nobody sends us names: any seed will do.
  static constexpr std::uint64_t hash_seed = 0;

  /// For this moment.
  [[nodiscard]] filters::CompilerOptions options(std::vector<dns::Name> cluster_zones) const;
};

/// Reads a directory or a file of manifests, and waits for the lists that they speak of.
/// `config_file` is the sluice.yaml that says where lists are; it may be empty. Nothing, and
/// diagnostics, if anything is wrong: to judge by half of the policies would be false comfort.
std::optional<LoadedPolicies> load_policies(const std::string& path, const std::string& config_file,
                                            config::Diagnostics& diagnostics);

}  // namespace sluice::commands
