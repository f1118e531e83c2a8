// SPDX-License-Identifier: Apache-2.0
// Queries from addresses where nobody is known. A pod's first query may come a second before the
// API server says whose its address is, and a client waits longer than that for an answer: so the
// query waits, for as long as `identity.unknownClient: Hold` lets it.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <utility>

#include "proxy/inflight.hpp"

namespace sluice::proxy {

/// Belongs to one worker's thread. What it holds is bounded: addresses that nobody has cost nothing
/// to invent.
class Newcomers {
 public:
  static constexpr std::size_t capacity = 1024;

  /// With no patience, nothing is ever held.
  explicit Newcomers(std::chrono::milliseconds patience) : patience_(patience) {}

  /// False when the query is not held and is to be answered now.
  bool hold(const dns::Query& query, const Origin& origin, TimePoint now) {
    if (patience_.count() == 0 || waiting_.size() >= capacity) return false;
    waiting_.push_back({{query, origin, now}, now + patience_});
    return true;
  }
  /// Lets go of those of whom `is_known(const WaitingQuery&)` is true. It may not add any.
  template <typename Predicate>
  void release(Predicate&& is_known) {
    std::erase_if(waiting_, [&](const Waiter& waiter) { return is_known(waiter.query); });
  }
  /// Lets go of those who have waited long enough, and visits them.
  template <typename Visitor>
  void expire(TimePoint now, Visitor&& visit) {
    while (!waiting_.empty() && waiting_.front().deadline <= now) {
      const WaitingQuery query = waiting_.front().query;
      waiting_.pop_front();
      visit(query);
    }
  }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

 private:
  struct Waiter {
    WaitingQuery query;
    TimePoint deadline;
  };

  std::chrono::milliseconds patience_;
  std::deque<Waiter> waiting_;  ///< in the order of their deadlines
};

}  // namespace sluice::proxy
