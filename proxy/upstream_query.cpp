// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_query.hpp"

namespace sluice::proxy {

std::optional<QueryReference> UpstreamQueries::add(std::uint64_t token,
                                                   std::span<const std::uint8_t> message,
                                                   TimePoint now) {
  if (free_.empty()) {
    if (slots_.size() == capacity_) return std::nullopt;
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.in_use = true;
  ++size_;
  UpstreamQuery& query = slot.query;
  query.token = token;
  query.message.assign(message.begin(), message.end());
  query.accepted = query.last_attempt = now;
  query.attempts = 0;
  query.connection = nullptr;
  query.last_endpoint.reset();
  query.is_waiting = false;
  return QueryReference{index, slot.generation};
}

UpstreamQuery* UpstreamQueries::find(QueryReference reference) {
  if (reference.slot >= slots_.size()) return nullptr;
  Slot& slot = slots_[reference.slot];
  return slot.in_use && slot.generation == reference.generation ? &slot.query : nullptr;
}

void UpstreamQueries::remove(QueryReference reference) {
  if (find(reference) == nullptr) return;
  Slot& slot = slots_[reference.slot];
  slot.in_use = false;
  ++slot.generation;
  free_.push_back(reference.slot);
  --size_;
}

void UpstreamQueries::list(std::vector<QueryReference>& found) const {
  found.clear();
  for (std::uint32_t i = 0; i < slots_.size() && found.size() < size_; ++i)
    if (slots_[i].in_use) found.push_back({i, slots_[i].generation});
}

}  // namespace sluice::proxy
