// SPDX-License-Identifier: Apache-2.0
// Who is behind which address, as sluice.yaml says: identity.static, checked and ready to be
// resolved.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"
#include "filters/client_map.hpp"
#include "filters/compiler.hpp"
#include "proxy/tenant_registry.hpp"
#include "proxy/upstream_registry.hpp"

namespace sluice::proxy {

/// What clients are resolved against.
struct ResolveParts {
  filters::Compiler& compiler;
  TenantRegistry& tenants;
  UpstreamRegistry& upstreams;
  std::uint64_t hash_seed = 0;
};

/// Lives on the control thread.
class StaticIdentities {
 public:
  /// Nothing and diagnostics if a CIDR is not one, or two entries claim the same.
  static std::optional<StaticIdentities> make(const config::Settings& settings,
                                              config::Diagnostics& diagnostics);

  /// Resolves everybody against a set of policies.
  [[nodiscard]] std::shared_ptr<const filters::ClientMap> resolve(const ResolveParts& parts) const;
  /// For CompilerOptions.
  [[nodiscard]] std::vector<dns::Name> zones() const;

 private:
  struct Entry {
    filters::Workload workload;
    std::vector<filters::Prefix> prefixes;
    std::vector<std::uint16_t> listeners;
  };
  std::vector<Entry> entries_;
  config::UnknownClient unknown_client_ = config::UnknownClient::refuse;
  dns::Name cluster_domain_;
  std::vector<filters::Prefix> cluster_prefixes_;
};

}  // namespace sluice::proxy
