// SPDX-License-Identifier: Apache-2.0
// Questions that are on their way to an upstream, and who waits for each answer. Identical
// questions share one flight. Both tables grow to their bound and are then reused: nothing is
// allocated after warm-up.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "dns/message.hpp"
#include "proxy/cache.hpp"
#include "proxy/clock.hpp"
#include "proxy/origin.hpp"

namespace sluice::proxy {

/// A client's query, kept with everything that its answer needs once the packet is gone.
class WaitingQuery {
 public:
  WaitingQuery() = default;
  WaitingQuery(const dns::Query& query, const Origin& origin, TimePoint received);

  /// Spans in the result look into this object.
  [[nodiscard]] dns::Query query() const;
  [[nodiscard]] const Origin& origin() const { return origin_; }
  [[nodiscard]] TimePoint received() const { return received_; }

 private:
  dns::Header header_;
  dns::Question question_;
  std::array<std::uint8_t, dns::max_name_size + 4> question_wire_{};
  std::uint16_t question_size_ = 0;
  std::optional<dns::Edns> edns_;  ///< without the options that look into the packet
  SubnetOption subnet_;
  Origin origin_;
  TimePoint received_;
};

/// Belongs to one worker's thread.
class Inflight {
 public:
  using Token = std::uint64_t;

  struct Flight {
    CacheKey key;
    std::uint64_t key_hash = 0;
    std::uint32_t generation = 0;
    std::uint32_t first_waiter = none;
    std::uint32_t next = none;  ///< of the same bucket
    bool active = false;
  };

  explicit Inflight(std::uint32_t max_waiting);

  /// The flight that already asks this, if there is one.
  [[nodiscard]] std::optional<Token> find(const CacheKey& key, std::uint64_t key_hash) const;
  /// Starts one. The token stays valid until finish().
  Token start(const CacheKey& key, std::uint64_t key_hash);
  /// False when the bound is reached; `deadline` is when the waiter wants to be told something
  /// else.
  bool wait(Token token, const WaitingQuery& query, TimePoint deadline);
  /// Null when the flight has ended: an answer that comes too late or twice.
  [[nodiscard]] const Flight* flight(Token token) const;

  /// Ends a flight and calls `visit(const WaitingQuery&)` for each waiter, who may start new ones
  /// meanwhile.
  template <typename Visitor>
  void finish(Token token, Visitor&& visit) {
    std::uint32_t waiter = release(token);
    while (waiter != none) {
      visit(std::as_const(waiters_[waiter].query));
      waiter = release_waiter(waiter);
    }
  }

  /// Takes out the waiters whose deadline has come and calls `visit(const WaitingQuery&, const
  /// CacheKey&)`. Their flights go on: the answer is still worth keeping.
  template <typename Visitor>
  void expire(TimePoint now, Visitor&& visit) {
    for (std::size_t i = 0; i < flights_.size(); ++i) {
      if (!flights_[i].active) continue;
      std::uint32_t waiter = take_expired(flights_[i], now);
      while (waiter != none) {
        visit(std::as_const(waiters_[waiter].query), flights_[i].key);
        waiter = release_waiter(waiter);
      }
    }
  }

  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] bool is_full() const {
    return waiting_ >= max_waiting_ || active_flights_ >= max_waiting_;
  }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  struct Waiter {
    WaitingQuery query;
    TimePoint deadline;
    std::uint32_t next = none;
  };

  [[nodiscard]] std::uint32_t& bucket_of(std::uint64_t key_hash) {
    return buckets_[key_hash & (buckets_.size() - 1)];
  }
  void unlink(std::uint32_t place);
  std::uint32_t release(Token token);
  std::uint32_t release_waiter(std::uint32_t waiter);
  std::uint32_t take_expired(Flight& flight, TimePoint now);

  std::uint32_t max_waiting_;
  std::size_t waiting_ = 0;
  std::size_t active_flights_ = 0;
  std::deque<Flight> flights_;  ///< a deque: growing moves nothing that somebody looks at
  std::deque<Waiter> waiters_;
  std::vector<std::uint32_t> free_flights_;
  std::vector<std::uint32_t> free_waiters_;
  /// First active flight of each bucket. Chained by hand: open addressing rehashes, and allocates,
  /// ever again when entries come and go.
  std::vector<std::uint32_t> buckets_;
};

}  // namespace sluice::proxy
