// SPDX-License-Identifier: Apache-2.0
// How many queries a tenant or a pod may ask, counted over all workers: a client that keeps one
// connection is on one worker, one that changes its port is on all of them, and both have the same
// limit.
//
// Each bucket is one number, the time up to which its tokens are spent (the "theoretical arrival
// time" of the generic cell rate algorithm, ITU-T I.371). Workers read and write it without locks
// and without read-modify-write: when two of them spend at the same instant one spending is lost,
// which lets a query more through and costs the others nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "filters/policy.hpp"
#include "proxy/clock.hpp"

namespace sluice::proxy {

/// Shared by all workers. Its memory is fixed: where more sources are busy than there are buckets,
/// the one that has spent least gives way.
class RateLimiter {
 public:
  RateLimiter();

  /// Takes one token. False: the limit is reached. `source` is a seeded hash of whose tokens they
  /// are.
  bool take(std::uint64_t source, const filters::RateLimit& limit, TimePoint now) noexcept;

 private:
  struct Bucket {
    std::atomic<std::uint64_t> source{0};
    std::atomic<std::int64_t> spent_until{0};  ///< nanoseconds of the steady clock
  };
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t sets = 8192;  ///< 64 Ki sources in 1 MiB

  Bucket& bucket_of(std::uint64_t source) noexcept;

  std::unique_ptr<Bucket[]> buckets_;
};

}  // namespace sluice::proxy
