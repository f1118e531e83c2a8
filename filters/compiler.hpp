// SPDX-License-Identifier: Apache-2.0
// From policy as written to chains. Runs off the workers, may allocate and take its time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "filters/chain.hpp"
#include "filters/name_set.hpp"
#include "filters/policy.hpp"
#include "filters/schedule.hpp"
#include "filters/tier_cache.hpp"

namespace sluice::filters {

/// Gives numbers to decisions, for metrics. The same labels get the same numbers from one snapshot
/// to the next.
class DecisionSlots {
 public:
  virtual ~DecisionSlots() = default;
  /// First of `rules.size()` consecutive slots for these rules as applied to this tenant.
  virtual DecisionSlot block(const std::string& tenant,
                             std::span<const CompiledRule* const> rules) = 0;
};

struct CompilerOptions {
  std::vector<dns::Name>
      cluster_zones;            ///< canonical: cluster.local., clusterset.local., reverse zones
  std::uint64_t hash_seed = 0;  ///< random in production: names to be looked up come from strangers
  WallTime now{};               ///< rules outside their schedule are left out
  NameSets lists;  ///< made with hash_seed; a filter whose lists are not there is broken
  TierCache* tiers = nullptr;  ///< of compilations with the same hash_seed; outlives the compiler
};

/// Whether the filter refers to a list that is not there: it cannot be obeyed then, and a broken
/// one stands for it.
bool lacks_list(const Filter& filter, const NameSets& lists);

/// The tenant of clients that nobody knows. No object of Kubernetes can have this name.
inline constexpr std::string_view unknown_tenant = "_unknown";

/// Finds tenant and chain of workloads. Not thread-safe; keeps what it built, so that workloads
/// selected by the same filters share tiers and, in one tenant, the whole chain.
class Compiler {
 public:
  struct Resolved {
    std::string tenant;  ///< name of the DNSTenant, or of the namespace
    std::shared_ptr<const Chain> chain;
    const Tenant* definition = nullptr;  ///< lives as long as the compiler; never null
  };

  /// `slots` must outlive the compiler.
  Compiler(const PolicySet& policies, CompilerOptions options, DecisionSlots& slots);
  ~Compiler();
  Compiler(Compiler&&) noexcept;
  Compiler& operator=(Compiler&&) noexcept;

  Resolved resolve(const Workload& workload);
  /// For clients that nobody knows: only Admin and Baseline filters whose subject is everybody.
  Resolved resolve_unknown();
  /// Name of the tenant that a namespace belongs to.
  [[nodiscard]] std::string tenant_of(const std::string& namespace_name) const;
  /// Every namespace that an object describes or stands in.
  [[nodiscard]] std::set<std::string> namespaces() const;
  /// When the schedule of some rule opens or closes next: policies are to be compiled anew then.
  [[nodiscard]] std::optional<WallTime> next_change() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::filters
