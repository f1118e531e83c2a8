// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_id_table.hpp"

namespace sluice::proxy {

std::uint16_t UpstreamIdTable::insert(QueryReference query, RandomNumbers& random) {
  std::uint16_t id = random.next();
  while (entries_[id % buckets].in_use)
    id = random.next();
  entries_[id % buckets] = {query, id, true};
  ++size_;
  return id;
}

std::optional<QueryReference> UpstreamIdTable::find(std::uint16_t id) const {
  const Entry& entry = entries_[id % buckets];
  if (!entry.in_use || entry.id != id) return std::nullopt;
  return entry.query;
}

void UpstreamIdTable::erase(std::uint16_t id) {
  Entry& entry = entries_[id % buckets];
  if (!entry.in_use || entry.id != id) return;
  entry.in_use = false;
  --size_;
}

}  // namespace sluice::proxy
