// SPDX-License-Identifier: Apache-2.0
#include "filters/name_set.hpp"
namespace sluice::filters {
std::optional<ListMatch> NameSet::find(const SuffixHashes&) const noexcept {
  return {};
}
std::optional<ListMatch> NameSet::find(const Address&) const noexcept {
  return {};
}
}  // namespace sluice::filters
