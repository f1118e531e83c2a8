// SPDX-License-Identifier: Apache-2.0
#include "recordings/tally.hpp"

#include <boost/container_hash/hash.hpp>

namespace sluice::recordings {
namespace {

std::string wire_of(dns::NameView name) {
  return {name.wire().begin(), name.wire().end()};
}

}  // namespace

std::size_t Tally::KeyHash::operator()(const Key& key) const noexcept {
  std::size_t seed = std::hash<std::string>{}(key.name);
  boost::hash_combine(seed, key.client);
  boost::hash_combine(seed, key.verdict);
  boost::hash_combine(seed, static_cast<std::uint16_t>(key.type));
  boost::hash_combine(seed, key.rcode ? static_cast<int>(*key.rcode) : -1);
  return seed;
}

void Tally::add(const RecordedQuery& query) {
  // A full tally takes no new clients either: there are no more of them than questions.
  const bool is_full = counts_.size() >= capacity_;
  auto client = clients_.find(query.client);
  auto verdict = verdicts_.find(query.verdict);
  if (!is_full && client == clients_.end()) client = clients_.insert(query.client).first;
  if (!is_full && verdict == verdicts_.end()) verdict = verdicts_.insert(query.verdict).first;
  if (client == clients_.end() || verdict == verdicts_.end()) {
    ++overflowed_;
    return;
  }
  const Key key{.client = &*client,
                .verdict = &*verdict,
                .rcode = query.rcode,
                .type = query.type,
                .name = wire_of(query.name)};
  if (const auto known = counts_.find(key); known != counts_.end()) {
    ++known->second;
  } else if (is_full) {
    ++overflowed_;
  } else {
    counts_.emplace(key, 1);
  }
}

void Tally::for_each(const std::function<void(const Entry&)>& visit) const {
  for (const auto& [key, count] : counts_) {
    const auto* octets = reinterpret_cast<const std::uint8_t*>(key.name.data());
    visit({.client = *key.client,
           .name = dns::NameView({octets, key.name.size()}),
           .type = key.type,
           .verdict = *key.verdict,
           .rcode = key.rcode,
           .count = count});
  }
}

}  // namespace sluice::recordings
