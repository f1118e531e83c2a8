// SPDX-License-Identifier: Apache-2.0
// The way of policy from the directory to the workers: read, decode, compile, publish. What is
// wrong is reported in full and never takes effect; what was in force before stays.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "config/settings.hpp"
#include "crds/loader.hpp"
#include "filters/client_map.hpp"
#include "proxy/decision_registry.hpp"
#include "proxy/process_status.hpp"
#include "proxy/static_identities.hpp"
#include "proxy/tenant_registry.hpp"

namespace sluice::proxy {

/// Lives on the control thread.
class PolicyReload {
 public:
  struct Parts {
    TenantRegistry& tenants;
    DecisionRegistry& decisions;
    ProcessStatus& status;
  };
  /// Everything that `parts` refers to outlives this. `hash_seed` is a secret of the process.
  PolicyReload(const config::Settings& settings, StaticIdentities identities, const Parts& parts,
               std::uint64_t hash_seed);

  /// Reads the directory. Returns whom to serve how, or null when nothing could be read and what is
  /// in force stays; `diagnostics` gets everything that is wrong with the manifests.
  std::shared_ptr<const filters::ClientMap> load(config::Diagnostics& diagnostics);
  /// Every worker serves by what load() returned last: tells so in status and log.
  void commit();

 private:
  std::filesystem::path directory_;
  StaticIdentities identities_;
  Parts parts_;
  std::uint64_t hash_seed_;
  crds::Loader loader_;
  std::uint64_t generation_ = 0;
  std::optional<PolicyLoad> loaded_;  ///< not in force everywhere yet
};

}  // namespace sluice::proxy
