// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/policy_sources.hpp"

#include <memory>
#include <utility>

#include "kubernetes/policy_kinds.hpp"

namespace sluice::kubernetes {

/// Of an object whose status alone changed the source is made anew too: it would otherwise keep the
/// old state alive beside the new one.
void PolicySources::apply(const ObjectType& type, const Changes& changes) {
  for (const Change& change : changes) {
    auto source = std::make_shared<const crds::Source>(source_of(change.object, type));
    const auto known = sources_.find(std::string_view(source->path));
    if (known != sources_.end()) sources_.erase(known);
    if (change.kind != ChangeKind::deleted) sources_.insert(std::move(source));
  }
}

crds::Sources PolicySources::all() const {
  crds::Sources all;
  for (const auto& source : sources_)
    all.push_back(source);
  return all;
}

}  // namespace sluice::kubernetes
