// SPDX-License-Identifier: Apache-2.0
// Which version of each filter is in force, given all others: see linker.hpp. Where there is room
// only for some, those that were in force go before those that are new, and then by namespace and
// name: a new filter never pushes out an old one.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crds/delegation.hpp"
#include "crds/linker.hpp"

namespace sluice::crds {

/// Lives for one link.
class FilterLinker {
 public:
  using Owners = std::map<std::string, const filters::Tenant*>;

  /// `owners` has the tenant of every namespace; null for one that no DNSTenant selects. All must
  /// outlive this.
  FilterLinker(const Catalogue& catalogue, Owners owners, config::Diagnostics& diagnostics);

  /// Checks what does not depend on other filters. The candidate must outlive this.
  void add(const ObjectKey& key, Candidate& candidate);

  /// Decides of all that were added; returns the departed lists that they rely on.
  std::set<filters::ListKey> settle();

 private:
  /// One version of a filter.
  struct Version {
    const filters::Filter* filter = nullptr;  ///< null when it cannot be in force
    std::set<filters::ListKey> departed_lists;
  };
  struct Case {
    Candidate* candidate;
    Version stated;
    Version last_good;
    TenantUsage* usage;  ///< null for filters of the platform
    bool is_reserved = false;
  };
  /// A tenant and its usage; of namespaces without a DNSTenant, made up here.
  struct Account {
    std::unique_ptr<const filters::Tenant> own;
    const filters::Tenant* tenant;
    TenantUsage usage;
  };

  Account* account_of(const std::string& namespace_name);
  Account* find_account(const std::string& namespace_name);
  Version check(const PolicyPointer& policy, const Case& subject, const Account* account,
                config::Diagnostics* diagnostics);
  bool make_room(Case& subject);
  void settle(Case& subject);
  void put_in_force(Case& subject, const PolicyPointer& policy, const Version& version);

  const Catalogue& catalogue_;
  ListSizes sizes_;  ///< departed lists included
  Owners owners_;
  config::Diagnostics& diagnostics_;
  std::map<std::string, std::unique_ptr<Account>> accounts_;  ///< by tenant
  std::string last_namespace_;
  Account* last_account_ = nullptr;  ///< of that
  std::vector<Case> cases_;
  std::set<filters::ListKey> relied_on_;
};

}  // namespace sluice::crds
