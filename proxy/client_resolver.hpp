// SPDX-License-Identifier: Apache-2.0
// From who is behind which address to what the query path needs: everybody with tenant, chain and
// service, under one set of policies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "filters/client_map.hpp"
#include "filters/compiler.hpp"
#include "proxy/static_identities.hpp"
#include "proxy/tenant_registry.hpp"
#include "proxy/upstream_registry.hpp"

namespace sluice::proxy {

/// Who is behind which address as an API server tells it.
struct PodClients {
  /// Pods of one namespace with the same labels, as the replicas of a Deployment are.
  struct Group {
    filters::Workload workload;
    std::vector<filters::Address> addresses;
  };
  std::vector<Group> groups;
  std::size_t pods = 0;  ///< in all groups
  /// Claimed by several: whoever asks from there is unknown.
  std::vector<filters::Address> contested;
};

/// What clients are resolved against.
struct ResolveParts {
  filters::Compiler& compiler;
  TenantRegistry& tenants;
  UpstreamRegistry& upstreams;
  std::uint64_t hash_seed = 0;
};

/// A pod's own address goes before any CIDR of identity.static.
std::shared_ptr<const filters::ClientMap> resolve_clients(const StaticIdentities& identities,
                                                          const PodClients& pods,
                                                          const ResolveParts& parts);

}  // namespace sluice::proxy
