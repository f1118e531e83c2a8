// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_tenant.hpp"

#include "crds/schemas.hpp"
#include "crds/selector_decoder.hpp"

namespace sluice::crds {

filters::Tenant decode_dns_tenant(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(dns_tenant_schema(), spec);

  const Field selector = spec.child("namespaceSelector");
  filters::Tenant tenant{metadata.name, decode_selector(selector)};
  // A tenant of all namespaces would swallow everybody else's; it is always a forgotten line.
  if (selector.node().IsDefined() && selector.node().IsMap() && tenant.namespace_selector.empty())
    selector.reject("`namespaceSelector` must not be empty");
  return tenant;
}

}  // namespace sluice::crds
