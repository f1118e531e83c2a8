// SPDX-License-Identifier: Apache-2.0
// Which cluster a program belongs to: the one that a kubeconfig names, or else the one that its pod
// is in.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "kubernetes/cluster_access.hpp"

namespace sluice::kubernetes {

/// With an empty `kubeconfig` the service account of the pod; with an empty `context` the file's
/// current one. Nothing, with all that is wrong told, where there is neither.
std::optional<ClusterAccess> find_cluster(const std::filesystem::path& kubeconfig,
                                          const std::string& context,
                                          config::Diagnostics& diagnostics);

}  // namespace sluice::kubernetes
