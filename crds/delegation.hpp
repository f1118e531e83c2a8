// SPDX-License-Identifier: Apache-2.0
// What the platform lets a tenant's own filters do, and how many there may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "crds/places.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Lists and regular expressions of one tenant. Each is looked into once per query that gets as far
/// as the tenant's tier; more than these would let one tenant slow everybody down.
inline constexpr std::size_t max_lists_per_tenant = 64;
inline constexpr std::size_t max_patterns_per_tenant = 64;

/// Reports every rule, and the default action, that the tenant may not have.
config::Diagnostics check_delegation(const filters::Filter& filter, const filters::Tenant& tenant,
                                     const Origin& origin);

using ListSizes = std::map<filters::ListKey, std::size_t>;

/// What the filters of one tenant come to.
class TenantUsage {
 public:
  /// Both must outlive this.
  TenantUsage(const filters::Tenant& tenant, const ListSizes& sizes)
      : tenant_(&tenant), sizes_(&sizes) {}

  /// Adds a filter, unless that would be too much; says then what of.
  std::optional<std::string> try_add(const filters::Filter& filter);
  /// Takes away a filter that was added.
  void remove(const filters::Filter& filter);

 private:
  void add(const filters::Filter& filter);
  [[nodiscard]] std::optional<std::string> excess() const;

  const filters::Tenant* tenant_;
  const ListSizes* sizes_;
  std::size_t filters_ = 0;
  std::size_t patterns_ = 0;
  std::size_t names_ = 0;  ///< domains and patterns of rules, entries of DomainLists
  std::map<filters::ListKey, std::size_t> references_;
};

}  // namespace sluice::crds
