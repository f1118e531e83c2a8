// SPDX-License-Identifier: Apache-2.0
#include "proxy/inflight.hpp"

#include <bit>

namespace sluice::proxy {
namespace {

std::uint32_t index_of(Inflight::Token token) {
  return static_cast<std::uint32_t>(token);
}

Inflight::Token token_of(std::uint32_t generation, std::uint32_t index) {
  return static_cast<Inflight::Token>(generation) << 32 | index;
}

std::uint32_t generation_of(Inflight::Token token) {
  return static_cast<std::uint32_t>(token >> 32);
}

/// Takes a free place of `pool`, or makes one.
template <typename T>
std::uint32_t take_place(std::deque<T>& pool, std::vector<std::uint32_t>& free_places) {
  if (free_places.empty()) {
    pool.emplace_back();
    free_places.reserve(pool.size());  // so that giving back never allocates
    return static_cast<std::uint32_t>(pool.size() - 1);
  }
  const std::uint32_t place = free_places.back();
  free_places.pop_back();
  return place;
}

}  // namespace

WaitingQuery::WaitingQuery(const dns::Query& query, const Origin& origin, TimePoint received)
    : header_(query.header),
      question_(query.question),
      question_size_(static_cast<std::uint16_t>(query.question_wire.size())),
      edns_(query.edns),
      origin_(origin),
      received_(received) {
  std::copy(query.question_wire.begin(), query.question_wire.end(), question_wire_.begin());
  if (!edns_) return;
  subnet_ = SubnetOption(edns_->client_subnet);
  edns_->cookie = {};
  edns_->client_subnet = {};
  edns_->error.reset();
}

dns::Query WaitingQuery::query() const {
  dns::Query query{.header = header_,
                   .question = question_,
                   .question_wire = {question_wire_.data(), question_size_},
                   .edns = edns_};
  if (query.edns) query.edns->client_subnet = subnet_.octets();
  return query;
}

Inflight::Inflight(std::uint32_t max_waiting)
    : max_waiting_(max_waiting), buckets_(std::bit_ceil(max_waiting), none) {}

std::optional<Inflight::Token> Inflight::find(const CacheKey& key, std::uint64_t key_hash) const {
  std::uint32_t place = buckets_[key_hash & (buckets_.size() - 1)];
  for (; place != none; place = flights_[place].next) {
    const Flight& flight = flights_[place];
    if (flight.key_hash == key_hash && flight.key == key) {
      return token_of(flight.generation, place);
    }
  }
  return std::nullopt;
}

Inflight::Token Inflight::start(const CacheKey& key, std::uint64_t key_hash) {
  const std::uint32_t place = take_place(flights_, free_flights_);
  Flight& flight = flights_[place];
  flight.key = key;
  flight.key_hash = key_hash;
  flight.first_waiter = none;
  flight.next = std::exchange(bucket_of(key_hash), place);
  flight.active = true;
  ++flight.generation;
  ++active_flights_;
  return token_of(flight.generation, place);
}

bool Inflight::wait(Token token, const WaitingQuery& query, TimePoint deadline) {
  if (waiting_ >= max_waiting_ || active_flights_ > max_waiting_) return false;
  Flight& flight = flights_[index_of(token)];
  const std::uint32_t place = take_place(waiters_, free_waiters_);
  waiters_[place] = {query, deadline, flight.first_waiter};
  flight.first_waiter = place;
  ++waiting_;
  return true;
}

const Inflight::Flight* Inflight::flight(Token token) const {
  if (index_of(token) >= flights_.size()) return nullptr;
  const Flight& flight = flights_[index_of(token)];
  return flight.active && flight.generation == generation_of(token) ? &flight : nullptr;
}

void Inflight::unlink(std::uint32_t place) {
  const Flight& flight = flights_[place];
  std::uint32_t* link = &bucket_of(flight.key_hash);
  while (*link != place)
    link = &flights_[*link].next;
  *link = flight.next;
}

std::uint32_t Inflight::release(Token token) {
  if (flight(token) == nullptr) return none;
  Flight& ended = flights_[index_of(token)];
  ended.active = false;
  unlink(index_of(token));
  --active_flights_;
  free_flights_.push_back(index_of(token));
  return std::exchange(ended.first_waiter, none);
}

std::uint32_t Inflight::release_waiter(std::uint32_t waiter) {
  free_waiters_.push_back(waiter);
  --waiting_;
  return std::exchange(waiters_[waiter].next, none);
}

/// Unlinks the expired waiters of a flight and returns them as a list of their own.
std::uint32_t Inflight::take_expired(Flight& flight, TimePoint now) {
  std::uint32_t expired = none;
  std::uint32_t* link = &flight.first_waiter;
  while (*link != none) {
    const std::uint32_t place = *link;
    Waiter& waiter = waiters_[place];
    if (waiter.deadline > now) {
      link = &waiter.next;
      continue;
    }
    *link = waiter.next;
    waiter.next = expired;
    expired = place;
  }
  return expired;
}

}  // namespace sluice::proxy
