// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/find_cluster.hpp"

#include "kubernetes/in_cluster.hpp"
#include "kubernetes/kubeconfig.hpp"

namespace sluice::kubernetes {

std::optional<ClusterAccess> find_cluster(const std::filesystem::path& kubeconfig,
                                          const std::string& context,
                                          config::Diagnostics& diagnostics) {
  if (!kubeconfig.empty()) return read_kubeconfig(kubeconfig, context, diagnostics);
  return find_in_cluster(environment_variable, service_account_directory, diagnostics);
}

}  // namespace sluice::kubernetes
