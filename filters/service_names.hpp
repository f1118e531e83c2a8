// SPDX-License-Identifier: Apache-2.0
// `serviceVisibility: Tenant`: names of other tenants' services and pods must look exactly like
// names that do not exist. So nothing is answered in their place from here: the upstream is asked
// for a name of the same zone that surely does not exist, and its answer is given. Code, SOA, TTL,
// and whether it takes an upstream's time or the cache's, all follow by themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "dns/name.hpp"

namespace sluice::filters {

/// What one tenant may see of the cluster's service zones (Kubernetes' DNS-Based Service Discovery,
/// and the Multi-Cluster Services API's). Immutable.
class ServiceNames {
 public:
  /// `zones` are cluster.local., clusterset.local. and the like, canonical; `namespaces` the
  /// tenant's own; `seed` a secret of the process: whoever knows it could ask for stand-ins.
  ServiceNames(const std::vector<dns::Name>& zones, const std::vector<std::string>& namespaces,
               std::uint64_t seed);

  /// Whether the name belongs to a namespace (below `svc` or `pod` of a zone, at any depth) that is
  /// not one of the tenant's. A namespace that nobody has is one of these too. `name` is canonical.
  [[nodiscard]] bool hides(dns::NameView name) const noexcept;

  /// A name that does not exist, asked in the place of one that is hidden or that leads to a hidden
  /// one: always the same for the same name, so that it is cached as that would be.
  [[nodiscard]] dns::Name stand_in(dns::NameView name) const noexcept;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  std::vector<dns::Name> bases_;  ///< `svc` and `pod` of each zone
  std::unordered_set<std::string, TextHash, std::equal_to<>> namespaces_;
  std::uint64_t seed_;
};

}  // namespace sluice::filters
