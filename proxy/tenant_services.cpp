// SPDX-License-Identifier: Apache-2.0
#include "proxy/tenant_services.hpp"

#include <algorithm>

namespace sluice::proxy {

std::shared_ptr<const filters::TenantService> TenantServices::of(
    const filters::Compiler::Resolved& tenant) {
  auto& service = services_[tenant.tenant];
  if (!service) service = std::make_shared<const filters::TenantService>(make(tenant));
  return service;
}

filters::TenantService TenantServices::make(const filters::Compiler::Resolved& tenant) const {
  const filters::Tenant& definition = *tenant.definition;
  const filters::Resolution& resolution = definition.resolution;
  filters::TenantService service;
  service.upstream = resolution.upstream_name.empty()
                         ? context_.upstreams.default_number()
                         : context_.upstreams.assign(resolution.upstream_name);
  for (const auto& [zone, upstream_name] : resolution.zones)
    service.routes.push_back({zone, context_.upstreams.assign(upstream_name)});
  std::sort(service.routes.begin(), service.routes.end(), [](const auto& left, const auto& right) {
    return left.zone.view().label_count() > right.zone.view().label_count();
  });
  service.tenant_hash = std::hash<std::string>()(tenant.tenant);
  // Zero is everybody who shares.
  if (resolution.cache_scope == filters::CacheScope::tenant)
    service.cache_scope = service.tenant_hash | 1;
  service.client_subnet = resolution.client_subnet;
  service.query_logging = definition.query_logging;
  service.rate_limit = definition.rate_limit;
  if (definition.service_visibility == filters::ServiceVisibility::tenant)
    service.services = visible_to(tenant.tenant);
  return service;
}

std::shared_ptr<const filters::ServiceNames> TenantServices::visible_to(
    const std::string& tenant) const {
  std::vector<std::string> own;
  std::copy_if(
      context_.namespaces.begin(), context_.namespaces.end(), std::back_inserter(own),
      [&](const std::string& name) { return context_.compiler.tenant_of(name) == tenant; });
  return std::make_shared<const filters::ServiceNames>(context_.service_zones, own,
                                                       context_.hash_seed);
}

}  // namespace sluice::proxy
