// SPDX-License-Identifier: Apache-2.0
// Which DNSTenants claim which namespace. The alphabetically first one has it, as
// filters/tenancy.hpp says; here the others are of interest too, because somebody is in for a
// surprise.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "filters/policy.hpp"

namespace sluice::crds {

/// A lookup costs one probe per label of the namespace, not one per tenant, as long as the tenants
/// select by labels with values, as they nearly always do.
class TenantClaims {
 public:
  /// The tenants must outlive this.
  explicit TenantClaims(std::vector<const filters::Tenant*> tenants);

  /// Every tenant that selects a namespace with these labels, by name. The label that every
  /// namespace has need not be among them.
  [[nodiscard]] std::vector<const filters::Tenant*> claimants(const std::string& namespace_name,
                                                              const filters::Labels& labels) const;

 private:
  using Label = std::pair<std::string, std::string>;

  std::vector<const filters::Tenant*> tenants_;      ///< by name
  std::map<Label, std::vector<std::size_t>> label_;  ///< tenants that require this label
  std::vector<std::size_t> others_;                  ///< tenants that require none with a value
};

}  // namespace sluice::crds
