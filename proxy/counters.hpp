// SPDX-License-Identifier: Apache-2.0
// What a worker counts. Each counter has one writer, the worker's own thread, and is read by the
// scraping thread: a relaxed load and store, never an atomic read-modify-write. The names under
// which all this is exported stand in metrics.cpp.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dns/types.hpp"
#include "proxy/origin.hpp"
#include "proxy/upstream.hpp"

namespace sluice::proxy {

/// A number that only grows. Written by one thread, read by any.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down, with the same one-writer rule.
class Gauge {
 public:
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Latencies in CoreDNS's buckets: 0.25 ms x 2^n up to 8.192 s, so that its dashboards fit.
class Histogram {
 public:
  static constexpr std::size_t bounded_buckets = 16;
  static constexpr std::chrono::nanoseconds first_bound = std::chrono::microseconds(250);

  void observe(std::chrono::nanoseconds value) noexcept {
    std::size_t bucket = 0;
    auto bound = first_bound;
    while (bucket < bounded_buckets && value > bound) {
      bound *= 2;
      ++bucket;
    }
    buckets_[bucket].add();
    sum_.add(value.count() > 0 ? static_cast<std::uint64_t>(value.count()) : 0);
  }
  /// Not cumulative; the last one is +Inf.
  [[nodiscard]] std::uint64_t bucket(std::size_t i) const noexcept { return buckets_[i].value(); }
  [[nodiscard]] std::uint64_t sum_nanoseconds() const noexcept { return sum_.value(); }

 private:
  std::array<Counter, bounded_buckets + 1> buckets_;
  Counter sum_;
};

/// An array that grows without moving: elements are made in chunks, on first use, by the writer,
/// and a reader sees a chunk either not at all or complete. Beyond its capacity everything shares
/// the last element.
template <typename T, std::size_t ChunkSize, std::size_t Chunks>
class GrowingArray {
 public:
  GrowingArray() = default;
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  ~GrowingArray() {
    for (auto& chunk : chunks_)
      delete chunk.load(std::memory_order_relaxed);  // NOLINT: owned below
  }

  static constexpr std::size_t capacity = ChunkSize * Chunks;

  /// Writer's thread only.
  T& at(std::size_t i) {
    i = i < capacity ? i : capacity - 1;
    auto& slot = chunks_[i / ChunkSize];
    Chunk* chunk = slot.load(std::memory_order_relaxed);
    if (chunk == nullptr) {
      chunk = std::make_unique<Chunk>().release();
      slot.store(chunk, std::memory_order_release);
    }
    return (*chunk)[i % ChunkSize];
  }
  /// Any thread; nothing when the element was never written.
  [[nodiscard]] const T* find(std::size_t i) const {
    if (i >= capacity) return nullptr;
    const Chunk* chunk = chunks_[i / ChunkSize].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : &(*chunk)[i % ChunkSize];
  }

 private:
  using Chunk = std::array<T, ChunkSize>;
  std::array<std::atomic<Chunk*>, Chunks> chunks_{};
};

/// Where an answer came from.
enum class AnswerSource : std::uint8_t { policy, cache, stale, upstream, error };
inline constexpr std::size_t answer_source_count = 5;
/// NOERROR to REFUSED by value, and everything else together.
inline constexpr std::size_t rcode_slots = 7;
/// Where a message with a header is counted.
inline std::size_t rcode_slot(std::span<const std::uint8_t> message) {
  const std::size_t rcode = message[3] & 0xfU;
  return rcode <= static_cast<std::size_t>(dns::Rcode::refused) ? rcode : rcode_slots - 1;
}

/// What is counted for each tenant; index 0 is `_other`, 1 is `_unknown` (clients without
/// identity).
struct TenantCounters {
  std::array<Counter, transport_count> requests;
  std::array<std::array<Counter, rcode_slots>, answer_source_count> responses;
  Histogram duration;
  Counter rate_limited;
};
inline constexpr std::uint32_t other_tenant = 0;
inline constexpr std::uint32_t unknown_tenant = 1;

struct UpstreamCounters {
  std::array<Counter, rcode_slots> responses;
  std::array<Counter, upstream_failure_count> failures;
  Histogram duration;
  Counter connections_opened;
  Counter connections_failed;
  Counter handshakes_resumed;
  Counter retries;
  Counter mismatched_answers;  ///< wrong ID, wrong question, not an answer, or garbage
  Gauge open_connections;
};

/// Why a message got no answer at all.
enum class DropReason : std::uint8_t { too_short, not_a_query, source_port, send_failed, closed };
inline constexpr std::size_t drop_reason_count = 5;
/// Why a message was answered by its header or form alone.
enum class RejectReason : std::uint8_t {
  malformed,
  opcode,
  question_count,
  class_,
  type,
  version,
  unknown_client
};
inline constexpr std::size_t reject_reason_count = 7;
/// Which bound bit; see Limits in config/settings.hpp.
enum class LimitReason : std::uint8_t {
  in_flight,
  connections,
  connections_per_client,
  queries_per_connection,
  query_timeout,
  idle_timeout,
  rate,
  http_frames
};
inline constexpr std::size_t limit_reason_count = 8;
/// Why an HTTP request was answered without a DNS message; by status code.
enum class HttpError : std::uint8_t {
  bad_request,
  not_found,
  method_not_allowed,
  content_too_large,
  unsupported_media_type,
  header_fields_too_large
};
inline constexpr std::array<std::uint16_t, 6> http_error_codes{400, 404, 405, 413, 415, 431};

/// What became of a query that waited for its client to become known.
enum class HoldOutcome : std::uint8_t { identified, refused };
inline constexpr std::size_t hold_outcome_count = 2;

struct CacheCounters {
  Counter hits;
  Counter misses;
  Counter stale_hits;
  Counter insertions;
  Counter evictions;
  Gauge entries;
  Gauge bytes;
};

/// Everything one worker counts.
struct WorkerCounters {
  std::array<Counter, drop_reason_count> dropped;
  std::array<Counter, reject_reason_count> rejected;
  std::array<Counter, limit_reason_count> limited;
  std::array<Counter, hold_outcome_count> held;
  std::array<Counter, filters::certificate_problem_count> certificate_problems;
  CacheCounters cache;
  Counter coalesced;  ///< queries that joined one already on its way
  Gauge in_flight;
  std::array<Gauge, transport_count> connections;
  std::array<Counter, transport_count> accepted_connections;
  Counter tls_handshake_failures;
  std::array<Counter, http_error_codes.size()> http_errors;
  Counter query_log_dropped;
  GrowingArray<UpstreamCounters, 8, 16> upstreams;  ///< by number, see UpstreamRegistry
  GrowingArray<TenantCounters, 16, 1024> tenants;   ///< by tenant number
  GrowingArray<Counter, 1024, 4096> decisions;      ///< by decision slot
};

}  // namespace sluice::proxy
