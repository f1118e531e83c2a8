// SPDX-License-Identifier: Apache-2.0
// The queries that an upstream has not answered yet: a bounded pool of slots, each with a copy of
// its message. After warm-up nothing is allocated: a slot keeps its message's memory.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "proxy/clock.hpp"

namespace sluice::proxy {

class DotConnection;

/// Names a query for as long as it is unanswered. Whoever holds one must ask find() before use: an
/// answer that comes late, or twice, then finds nothing.
struct QueryReference {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  bool operator==(const QueryReference&) const = default;
};

struct UpstreamQuery {
  std::uint64_t token = 0;
  std::vector<std::uint8_t> message;
  TimePoint accepted;
  TimePoint last_attempt;
  std::uint32_t attempts = 0;                ///< how often it was put on a connection
  DotConnection* connection = nullptr;       ///< the last one, while that is open
  std::optional<std::size_t> last_endpoint;  ///< whose connection that was
  bool is_waiting = false;                   ///< for a connection that it can go to
};

/// Owned by one worker.
class UpstreamQueries {
 public:
  explicit UpstreamQueries(std::uint32_t capacity) : capacity_(capacity) {}

  /// Nothing when the pool is full.
  std::optional<QueryReference> add(std::uint64_t token, std::span<const std::uint8_t> message,
                                    TimePoint now);
  /// Valid until remove(); null when the query is finished.
  [[nodiscard]] UpstreamQuery* find(QueryReference reference);
  void remove(QueryReference reference);
  /// Those unanswered now, in `found`, which is cleared first.
  void list(std::vector<QueryReference>& found) const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Slot {
    UpstreamQuery query;
    std::uint32_t generation = 0;
    bool in_use = false;
  };

  std::deque<Slot> slots_;  // a deque, because queries stay where they are while others come
  std::vector<std::uint32_t> free_;
  std::uint32_t capacity_;
  std::size_t size_ = 0;
};

}  // namespace sluice::proxy
