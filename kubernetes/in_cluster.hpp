// SPDX-License-Identifier: Apache-2.0
// What a pod finds about its own cluster: two environment variables and the files of its service
// account.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "kubernetes/cluster_access.hpp"

namespace sluice::kubernetes {

/// The value of an environment variable; empty when it is not set.
using Environment = std::function<std::string(const std::string& name)>;

/// The process's own.
std::string environment_variable(const std::string& name);

/// Where the kubelet mounts ca.crt, namespace and token.
inline constexpr const char* service_account_directory =
    "/var/run/secrets/kubernetes.io/serviceaccount";

/// The namespace of the pod that we are in; empty outside of one.
std::string own_namespace(const std::filesystem::path& directory);

/// Nothing, with all that is missing told, outside of a pod. The host must be an IP address, as the
/// kubelet sets it: whoever is a node's DNS cannot ask it for its own API server.
std::optional<ClusterAccess> find_in_cluster(const Environment& environment,
                                             const std::filesystem::path& directory,
                                             config::Diagnostics& diagnostics);

}  // namespace sluice::kubernetes
