// SPDX-License-Identifier: Apache-2.0
// From DNSTenants to how their queries are served: names of upstreams become numbers, namespaces
// become what a tenant may see.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "filters/client_map.hpp"
#include "filters/compiler.hpp"
#include "proxy/upstream_registry.hpp"

namespace sluice::proxy {

/// For one set of policies: tenants share what is made for them. Lives on the control thread.
class TenantServices {
 public:
  struct Context {
    const filters::Compiler& compiler;
    UpstreamRegistry& upstreams;
    std::vector<dns::Name> service_zones;  ///< cluster.local., clusterset.local.
    std::set<std::string> namespaces;      ///< all that are known
    std::uint64_t hash_seed = 0;
  };
  /// What `context` refers to outlives this.
  explicit TenantServices(Context context) : context_(std::move(context)) {}

  std::shared_ptr<const filters::TenantService> of(const filters::Compiler::Resolved& tenant);

 private:
  [[nodiscard]] filters::TenantService make(const filters::Compiler::Resolved& tenant) const;
  [[nodiscard]] std::shared_ptr<const filters::ServiceNames> visible_to(
      const std::string& tenant) const;

  Context context_;
  std::map<std::string, std::shared_ptr<const filters::TenantService>> services_;
};

}  // namespace sluice::proxy
