// SPDX-License-Identifier: Apache-2.0
#include "filters/tenancy.hpp"

#include <algorithm>
#include <utility>

namespace sluice::filters {
namespace {

/// Set on every namespace by the API server, whatever its object says.
constexpr const char* name_label = "kubernetes.io/metadata.name";

}  // namespace

Tenancy::Tenancy(const Shared<Tenant>& tenants, const Shared<Namespace>& namespaces)
    : tenants_(tenants.pointers()) {
  std::sort(tenants_.begin(), tenants_.end(),
            [](const auto& left, const auto& right) { return left->name < right->name; });
  for (const Namespace& space : namespaces)
    labels_.emplace(space.name, space.labels);
}

std::set<std::string> Tenancy::described() const {
  std::set<std::string> names;
  for (const auto& [name, labels] : labels_)
    names.insert(name);
  return names;
}

NamespaceIdentity Tenancy::identify(const std::string& namespace_name) const {
  NamespaceIdentity identity{namespace_name, &lone_namespace_, {}};
  const auto described = labels_.find(namespace_name);
  if (described != labels_.end()) identity.labels = described->second;
  identity.labels[name_label] = namespace_name;

  const auto owner = std::find_if(tenants_.begin(), tenants_.end(), [&](const auto& tenant) {
    return tenant->namespace_selector.matches(identity.labels);
  });
  if (owner != tenants_.end()) {
    identity.tenant = (*owner)->name;
    identity.definition = owner->get();
  }
  return identity;
}

}  // namespace sluice::filters
