// SPDX-License-Identifier: Apache-2.0
// Numbers for tenants: the index of a tenant's counters in WorkerCounters::tenants. The control
// thread assigns them, the scraping thread reads them; workers only ever see the numbers.
//
// A number stays with its name for the life of the process and is never given to another, so that a
// counter never changes hands. Tenants that a policy reload leaves behind are hidden from scrapes
// and no longer count against the cap; should they return, they go on where they stopped.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::proxy {

/// Thread-safe; not for the query path.
class TenantRegistry {
 public:
  struct Entry {
    std::uint32_t number;
    std::string name;
  };

  /// `max_tenants` is Settings::metrics.max_tenants; it is lowered to what WorkerCounters holds.
  explicit TenantRegistry(std::uint32_t max_tenants);

  /// The tenant's number, a new one if need be; `other_tenant` when the cap is reached.
  /// filters::unknown_tenant is `unknown_tenant`.
  std::uint32_t assign(std::string_view name);

  /// Call before a policy set is compiled: tenants assigned from now on belong to it ...
  void begin_generation();
  /// ... and when the workers have it: all other tenants are hidden.
  void commit_generation();

  /// The tenants in force, by name, `_other` and `_unknown` included.
  [[nodiscard]] std::vector<Entry> current() const;
  /// The names of all tenants that ever had a number, by number.
  [[nodiscard]] std::vector<std::string> names() const;
  /// How often a tenant got no number of its own.
  [[nodiscard]] std::uint64_t capped() const;

 private:
  struct Record {
    std::uint32_t number;
    std::uint64_t generation;
  };
  std::uint32_t refresh(Record& record);

  mutable std::mutex mutex_;
  const std::uint32_t max_tenants_;
  std::map<std::string, Record, std::less<>> records_;
  std::uint32_t in_force_ = 0;  ///< how many records are not hidden, the two built-in ones aside
  std::uint64_t generation_ = 1;
  std::uint64_t visible_from_ = 1;
  std::uint64_t capped_ = 0;
};

}  // namespace sluice::proxy
