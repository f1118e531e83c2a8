// SPDX-License-Identifier: Apache-2.0
// Which query a connection sent under which message ID. IDs are random, and none is used twice
// while its answer is outstanding: a connection that carries millions of queries never hands one
// answer to two of them (the mistake of CVE-2026-33596).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "proxy/upstream_query.hpp"
#include "proxy/upstream_random.hpp"

namespace sluice::proxy {

/// Open-addressed by the low bits of the ID; at most half full, so that a free ID is found in two
/// draws on average.
class UpstreamIdTable {
 public:
  static constexpr std::size_t buckets = 4096;
  static constexpr std::size_t capacity = buckets / 2;

  /// A fresh ID for the query. Not to be called when full.
  std::uint16_t insert(QueryReference query, RandomNumbers& random);
  [[nodiscard]] std::optional<QueryReference> find(std::uint16_t id) const;
  void erase(std::uint16_t id);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_full() const { return size_ == capacity; }

  template <typename Visitor>
  void for_each(Visitor&& visit) const {
    for (const Entry& entry : entries_)
      if (entry.in_use) visit(entry.query);
  }

 private:
  struct Entry {
    QueryReference query;
    std::uint16_t id = 0;
    bool in_use = false;
  };

  std::array<Entry, buckets> entries_{};
  std::size_t size_ = 0;
};

}  // namespace sluice::proxy
