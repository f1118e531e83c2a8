// SPDX-License-Identifier: Apache-2.0
#include "proxy/decision_registry.hpp"

#include <algorithm>

namespace sluice::proxy {

using filters::DecisionSlot;

DecisionRegistry::DecisionRegistry(TenantRegistry& tenants,
                                   std::vector<const WorkerCounters*> workers,
                                   DecisionSlot slot_limit)
    : tenants_(tenants),
      workers_(std::move(workers)),
      slot_limit_(std::min(slot_limit, overflow_slot)) {}

DecisionSlot DecisionRegistry::block(const std::string& tenant,
                                     std::span<const filters::CompiledRule* const> rules) {
  if (rules.empty()) return filters::no_slot;
  const std::uint32_t number = tenants_.assign(tenant);
  const std::lock_guard lock(mutex_);
  const auto list = intern(rules);
  const BlockKey key{number, list.get()};
  if (const auto known = blocks_.find(key); known != blocks_.end()) {
    known->second.generation = generation_;
    return known->second.range.first;
  }
  const auto size = static_cast<DecisionSlot>(rules.size());
  const DecisionSlot first = allocate(size);
  if (first != overflow_slot) blocks_.emplace(key, Block{list, {first, size}, generation_});
  return first;
}

void DecisionRegistry::begin_generation() {
  const std::lock_guard lock(mutex_);
  ++generation_;
}

void DecisionRegistry::commit_generation() {
  const std::lock_guard lock(mutex_);
  release_quarantine();
  give_back_stale_blocks();
  forget_dead_series();
  std::erase_if(lists_, [](const auto& list) { return list.use_count() == 1; });
}

std::vector<DecisionRegistry::Count> DecisionRegistry::counts() const {
  const std::vector<std::string> names = tenants_.names();
  const std::lock_guard lock(mutex_);
  Series series = carried_;
  for (const auto& [key, block] : blocks_)
    add_counts(key, block, series);
  std::vector<Count> counts;
  counts.reserve(series.size());
  for (const auto& [key, value] : series)
    // A tenant that got its number after `names` was read waits for the next scrape.
    if (key.first < names.size()) counts.push_back({names[key.first], key.second, value});
  return counts;
}

std::uint64_t DecisionRegistry::overflowed() const {
  return raw(overflow_slot);
}

std::shared_ptr<const DecisionRegistry::RuleList> DecisionRegistry::intern(
    std::span<const filters::CompiledRule* const> rules) {
  auto list = std::make_shared<RuleList>();
  list->reserve(rules.size());
  for (const filters::CompiledRule* rule : rules)
    list->push_back({rule->tier, rule->filter, rule->name, rule->action, rule->mode});
  return *lists_.insert(std::move(list)).first;
}

/// First of `size` slots that count from zero, or `overflow_slot`. Callers count in slots behind
/// that one too; GrowingArray puts them all into its last element.
DecisionSlot DecisionRegistry::allocate(DecisionSlot size) {
  if (const DecisionSlot first = take_free(size); first != filters::no_slot) {
    for (DecisionSlot slot = first; slot < first + size; ++slot)
      offsets_[slot] = raw(slot);
    return first;
  }
  const auto next = static_cast<DecisionSlot>(offsets_.size());
  if (size > slot_limit_ - next) return overflow_slot;
  offsets_.resize(next + size, 0);
  return next;
}

DecisionSlot DecisionRegistry::take_free(DecisionSlot size) {
  const auto range =
      std::find_if(free_.begin(), free_.end(), [&](const Range& r) { return r.size >= size; });
  if (range == free_.end()) return filters::no_slot;
  const DecisionSlot first = range->first;
  range->first += size;
  range->size -= size;
  if (range->size == 0) free_.erase(range);
  return first;
}

void DecisionRegistry::give_back_stale_blocks() {
  for (auto it = blocks_.begin(); it != blocks_.end();) {
    if (it->second.generation == generation_) {
      ++it;
      continue;
    }
    add_counts(it->first, it->second, carried_);
    quarantine_.push_back(it->second.range);
    it = blocks_.erase(it);
  }
}

/// A rule that nobody has any more is no longer reported: its series ends.
void DecisionRegistry::forget_dead_series() {
  Series alive;
  for (const auto& [key, block] : blocks_)
    for (const RuleLabels& labels : *block.rules)
      alive.insert(carried_.extract({key.first, labels}));
  carried_ = std::move(alive);
}

/// Neighbours are joined, so that edits that let a block grow do not eat up the slots.
void DecisionRegistry::release_quarantine() {
  free_.insert(free_.end(), quarantine_.begin(), quarantine_.end());
  quarantine_.clear();
  std::sort(free_.begin(), free_.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  std::vector<Range> joined;
  for (const Range& range : free_) {
    if (!joined.empty() && joined.back().first + joined.back().size == range.first)
      joined.back().size += range.size;
    else
      joined.push_back(range);
  }
  free_ = std::move(joined);
}

std::uint64_t DecisionRegistry::raw(DecisionSlot slot) const {
  std::uint64_t sum = 0;
  for (const WorkerCounters* worker : workers_)
    if (const Counter* counter = worker->decisions.find(slot)) sum += counter->value();
  return sum;
}

void DecisionRegistry::add_counts(const BlockKey& key, const Block& block, Series& series) const {
  for (DecisionSlot i = 0; i < block.range.size; ++i) {
    const DecisionSlot slot = block.range.first + i;
    const std::uint64_t value = raw(slot) - offsets_[slot];
    if (value > 0) series[{key.first, (*block.rules)[i]}] += value;
  }
}

}  // namespace sluice::proxy
