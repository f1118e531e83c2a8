// SPDX-License-Identifier: Apache-2.0
// Which tenant a namespace belongs to.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "filters/policy.hpp"

namespace sluice::filters {

/// A namespace as selectors see it.
struct NamespaceIdentity {
  std::string tenant;
  const Tenant* definition;  ///< shared by the Tenancy; that of all defaults for a lone namespace
  Labels labels;             ///< `kubernetes.io/metadata.name` included
};

/// Namespaces and the tenants that claim them. The alphabetically first DNSTenant that selects a
/// namespace has it; a namespace that none selects is a tenant of its own.
class Tenancy {
 public:
  Tenancy(const Shared<Tenant>& tenants, const Shared<Namespace>& namespaces);

  /// A namespace that no object describes has just its name for a label.
  [[nodiscard]] NamespaceIdentity identify(const std::string& namespace_name) const;
  /// The namespaces that an object describes.
  [[nodiscard]] std::set<std::string> described() const;
  /// How a namespace is served that no DNSTenant groups.
  [[nodiscard]] const Tenant& lone_namespace() const { return lone_namespace_; }

 private:
  std::vector<Shared<Tenant>::Pointer> tenants_;  ///< by name
  Tenant lone_namespace_;                         ///< nothing but defaults
  std::map<std::string, Labels> labels_;
};

}  // namespace sluice::filters
