// SPDX-License-Identifier: Apache-2.0
// Kubeconfig files, for running outside of a cluster: clusters, users, and contexts that join them.
//
//   clusters: [{name: c, cluster: {server: "https://192.0.2.1:6443", certificate-authority:
//   ca.crt}}] users:    [{name: u, user: {tokenFile: token}}] contexts: [{name: x, context:
//   {cluster: c, user: u}}] current-context: x
//
// Only what can be done without starting programs is taken; the rest is refused and never ignored.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "kubernetes/cluster_access.hpp"

namespace sluice::kubernetes {

/// `context` empty: the file's current-context. Relative paths are relative to the file. Nothing,
/// with all that is wrong told, when the file cannot be used.
std::optional<ClusterAccess> parse_kubeconfig(const std::string& text,
                                              const std::filesystem::path& file,
                                              const std::string& context,
                                              config::Diagnostics& diagnostics);

std::optional<ClusterAccess> read_kubeconfig(const std::filesystem::path& file,
                                             const std::string& context,
                                             config::Diagnostics& diagnostics);

}  // namespace sluice::kubernetes
