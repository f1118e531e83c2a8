// SPDX-License-Identifier: Apache-2.0
#include "proxy/rate_limiter.hpp"

#include <algorithm>
#include <span>

namespace sluice::proxy {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

}  // namespace

RateLimiter::RateLimiter() : buckets_(std::make_unique<Bucket[]>(ways * sets)) {}

bool RateLimiter::take(std::uint64_t source, const filters::RateLimit& limit,
                       TimePoint now) noexcept {
  const std::int64_t time =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  const std::int64_t price = nanoseconds_per_second / limit.queries_per_second;
  Bucket& bucket = bucket_of(source);
  const std::int64_t spent_until = std::max(bucket.spent_until.load(relaxed), time);
  if (spent_until + price > time + price * limit.burst) return false;
  bucket.spent_until.store(spent_until + price, relaxed);
  return true;
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::uint64_t source) noexcept {
  const std::span<Bucket> set(buckets_.get() + source % sets * ways, ways);
  const auto is_spent_less = [](const Bucket& left, const Bucket& right) {
    return left.spent_until.load(relaxed) < right.spent_until.load(relaxed);
  };
  const auto own = std::find_if(set.begin(), set.end(), [source](const Bucket& bucket) {
    return bucket.source.load(relaxed) == source;
  });
  if (own != set.end()) return *own;
  Bucket& least = *std::min_element(set.begin(), set.end(), is_spent_less);
  least.source.store(source, relaxed);
  least.spent_until.store(0, relaxed);
  return least;
}

}  // namespace sluice::proxy
