// SPDX-License-Identifier: Apache-2.0
// Slots for decisions: where a worker counts what a rule did to a tenant's queries. The compiler
// asks for a block of consecutive slots for each tier of each tenant; the same tenant with the same
// rules gets the same block from one policy set to the next.
//
// A rule can stand in several blocks of a tenant (pods with other labels have other chains, an edit
// makes a new block), so scrapes add up by labels. Blocks that a reload leaves behind are given
// back: their counts move to the rules that live on, their slots can be reused one reload later,
// when no worker can hold the old chain any more. Memory is therefore bounded by the policies in
// force, not by their history.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "filters/compiler.hpp"
#include "proxy/counters.hpp"
#include "proxy/tenant_registry.hpp"

namespace sluice::proxy {

/// A rule as the labels of a metric see it.
struct RuleLabels {
  filters::Tier tier;
  std::string filter;
  std::string rule;
  filters::Action action;
  filters::EnforcementMode mode;
  auto operator<=>(const RuleLabels&) const = default;
};

/// Thread-safe; not for the query path. Slot 0 is no_slot; tenants beyond the cap share the blocks
/// of `_other`; without room for a block, its decisions are counted in `overflow_slot`.
class DecisionRegistry final : public filters::DecisionSlots {
 public:
  static constexpr filters::DecisionSlot overflow_slot =
      static_cast<filters::DecisionSlot>(decltype(WorkerCounters::decisions)::capacity) - 1;

  struct Count {
    std::string tenant;
    RuleLabels labels;
    std::uint64_t value;
  };

  /// `tenants` and `workers` must outlive the registry. `slot_limit` is lowered in tests only.
  DecisionRegistry(TenantRegistry& tenants, std::vector<const WorkerCounters*> workers,
                   filters::DecisionSlot slot_limit = overflow_slot);

  filters::DecisionSlot block(const std::string& tenant,
                              std::span<const filters::CompiledRule* const> rules) override;

  /// Call before a policy set is compiled: blocks asked for from now on belong to it ...
  void begin_generation();
  /// ... and when the workers have it: all other blocks are given back.
  void commit_generation();

  /// What was counted so far for the rules in force, by tenant and rule; zeros are left out.
  [[nodiscard]] std::vector<Count> counts() const;
  /// Decisions for whose rules there was no room.
  [[nodiscard]] std::uint64_t overflowed() const;

 private:
  using RuleList = std::vector<RuleLabels>;
  struct ListOrder {
    bool operator()(const std::shared_ptr<const RuleList>& a,
                    const std::shared_ptr<const RuleList>& b) const {
      return *a < *b;
    }
  };
  struct Range {
    filters::DecisionSlot first;
    filters::DecisionSlot size;
  };
  struct Block {
    std::shared_ptr<const RuleList> rules;
    Range range;
    std::uint64_t generation;
  };
  using BlockKey = std::pair<std::uint32_t, const RuleList*>;
  using Series = std::map<std::pair<std::uint32_t, RuleLabels>, std::uint64_t>;

  std::shared_ptr<const RuleList> intern(std::span<const filters::CompiledRule* const> rules);
  filters::DecisionSlot allocate(filters::DecisionSlot size);
  filters::DecisionSlot take_free(filters::DecisionSlot size);
  void give_back_stale_blocks();
  void forget_dead_series();
  void release_quarantine();
  std::uint64_t raw(filters::DecisionSlot slot) const;
  void add_counts(const BlockKey& key, const Block& block, Series& series) const;

  TenantRegistry& tenants_;
  const std::vector<const WorkerCounters*> workers_;
  const filters::DecisionSlot slot_limit_;

  mutable std::mutex mutex_;
  std::set<std::shared_ptr<const RuleList>, ListOrder> lists_;  ///< shared by tenants
  std::map<BlockKey, Block> blocks_;
  Series carried_;  ///< counts of blocks given back, of rules that are still in force
  std::vector<std::uint64_t> offsets_{0};  ///< by slot ever used: what its former owners counted
  std::vector<Range> free_;
  std::vector<Range> quarantine_;  ///< given back by the last reload
  std::uint64_t generation_ = 1;
};

}  // namespace sluice::proxy
