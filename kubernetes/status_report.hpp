// SPDX-License-Identifier: Apache-2.0
// From a policy load to what the status of each object should say.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crds/loader.hpp"
#include "filters/policy.hpp"
#include "filters/tenancy.hpp"
#include "kubernetes/object_status.hpp"

namespace sluice::kubernetes {

/// Holds copies of what it needs; the load's result need not outlive it.
class StatusReport {
 public:
  explicit StatusReport(const crds::Loader::Result& loaded);

  /// Of an object that was among those loaded, as it was then.
  [[nodiscard]] ObjectStatus status_of(const crds::ObjectKey& key, const Object& object) const;

 private:
  struct TenantCounts {
    std::size_t namespaces = 0;
    std::size_t filters = 0;
  };
  using Name = std::pair<std::string, std::string>;

  void count_lists(const filters::PolicySet& policies);
  void count_filters(const filters::PolicySet& policies);
  [[nodiscard]] std::size_t entries_of_lists(const filters::Filter& filter) const;
  void count_tenants(const filters::PolicySet& policies);
  void add_entries(const Object& object, const config::Diagnostics& problems, const Name& name,
                   boost::json::object& counts) const;

  std::map<std::string, config::Diagnostics> problems_;  ///< by source_path()
  std::map<Name, boost::json::object> compiled_;         ///< of filters; cluster-wide: no namespace
  std::map<std::string, TenantCounts> tenants_;
  std::map<Name, std::size_t> entries_;  ///< of lists that stand in their object
};

}  // namespace sluice::kubernetes
