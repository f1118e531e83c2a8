// SPDX-License-Identifier: Apache-2.0
// Tiers that outlive the compilation that made them: after a change of one filter, those of all
// others are found here.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "filters/chain.hpp"
#include "filters/policy.hpp"

namespace sluice::filters {

/// Not thread-safe. For compilations with one hash seed; a change of policy makes new Filter
/// objects, so that the same objects mean the same tier.
class TierCache {
 public:
  using Filters = std::vector<Shared<Filter>::Pointer>;

  /// Null when it is not there.
  std::shared_ptr<const CompiledTier> find(const Filters& filters) {
    const auto known = known_.find(filters);
    if (known == known_.end()) return nullptr;
    return used_.insert(known_.extract(known)).position->second;
  }
  void add(Filters filters, std::shared_ptr<const CompiledTier> tier) {
    used_.emplace(std::move(filters), std::move(tier));
  }
  /// A compilation is complete: what it had no use for goes.
  void forget_unused() {
    known_ = std::move(used_);
    used_.clear();
  }

 private:
  std::map<Filters, std::shared_ptr<const CompiledTier>> known_;
  std::map<Filters, std::shared_ptr<const CompiledTier>> used_;
};

}  // namespace sluice::filters
