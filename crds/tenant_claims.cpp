// SPDX-License-Identifier: Apache-2.0
#include "crds/tenant_claims.hpp"

#include <algorithm>

namespace sluice::crds {
namespace {

/// Set on every namespace by the API server, whatever its object says.
constexpr const char* name_label = "kubernetes.io/metadata.name";

}  // namespace

TenantClaims::TenantClaims(std::vector<const filters::Tenant*> tenants)
    : tenants_(std::move(tenants)) {
  std::ranges::sort(tenants_, {}, &filters::Tenant::name);
  for (std::size_t i = 0; i < tenants_.size(); ++i) {
    const auto& requirements = tenants_[i]->namespace_selector.requirements;
    const auto with_value = std::ranges::find(requirements, filters::LabelSelector::Operator::in,
                                              &filters::LabelSelector::Requirement::op);
    if (with_value == requirements.end()) {
      others_.push_back(i);
      continue;
    }
    for (const std::string& value : with_value->values) {
      label_[{with_value->key, value}].push_back(i);
    }
  }
}

std::vector<const filters::Tenant*> TenantClaims::claimants(const std::string& namespace_name,
                                                            const filters::Labels& labels) const {
  filters::Labels all = labels;
  all[name_label] = namespace_name;
  std::vector<std::size_t> candidates = others_;
  for (const auto& label : all) {
    const auto found = label_.find(label);
    if (found != label_.end())
      candidates.insert(candidates.end(), found->second.begin(), found->second.end());
  }
  std::ranges::sort(candidates);
  std::vector<const filters::Tenant*> claimants;
  for (const std::size_t i : candidates) {
    if (tenants_[i]->namespace_selector.matches(all)) claimants.push_back(tenants_[i]);
  }
  return claimants;
}

}  // namespace sluice::crds
