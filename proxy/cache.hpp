// SPDX-License-Identifier: Apache-2.0
// A worker's answers, in one block of memory that is its budget.
//
// Entries stand one behind the other in a ring; what comes new is written at the head and pushes
// out what is oldest at the tail. An entry that is still asked for when the tail comes near is
// written again at the head, so that hot names stay. Nothing is allocated after construction, and
// pages that were never used are never resident.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dns/answer.hpp"
#include "proxy/clock.hpp"
#include "proxy/counters.hpp"

namespace sluice::proxy {

/// An EDNS Client Subnet (RFC 7871 6), octets as received; empty where none is forwarded.
struct SubnetOption {
  /// Family, two prefix lengths, and an IPv6 address.
  static constexpr std::size_t max_size = 4 + 16;

  SubnetOption() = default;
  /// Longer ones are malformed and become empty.
  explicit SubnetOption(std::span<const std::uint8_t> option);
  [[nodiscard]] std::span<const std::uint8_t> octets() const { return {octets_.data(), size_}; }
  friend bool operator==(const SubnetOption&, const SubnetOption&) = default;

 private:
  std::array<std::uint8_t, max_size> octets_{};
  std::uint8_t size_ = 0;
};

/// What an answer is kept under. Clients of one view share answers, if the same upstream resolves
/// the name for them; DNSSEC records and unchecked data do not mix with the rest (DO, CD). The
/// client's policy is no part of it: every hit is judged anew. Answers for a subnet are not kept.
struct CacheKey {
  dns::Question question;
  std::uint64_t view = 0;
  std::uint16_t upstream = 0;
  SubnetOption subnet;
  bool dnssec_ok = false;
  bool checking_disabled = false;

  friend bool operator==(const CacheKey&, const CacheKey&) = default;
};

/// 64 bits of a key, seeded: names come from strangers.
std::uint64_t hash_of(const CacheKey& key, std::uint64_t seed);

struct CacheOptions {
  std::size_t max_bytes = 0;  ///< of this worker; below 128 KiB nothing is cached
  std::chrono::seconds serve_stale{3600};
  std::uint64_t hash_seed = 0;
};

struct CacheHit {
  dns::AnswerView answer;  ///< valid until the next insert() or find()
  std::uint32_t age;       ///< seconds
  bool stale;
};

/// Belongs to one worker's thread.
class Cache {
 public:
  /// `counters` must outlive the cache.
  Cache(const CacheOptions& options, CacheCounters& counters);

  /// A fresh answer, or one that went stale less than `serve_stale` ago.
  std::optional<CacheHit> find(const CacheKey& key, TimePoint now);
  /// Replaces what was there. An image over 64 KiB or an eighth of the budget is not kept.
  void insert(const CacheKey& key, std::span<const std::uint8_t> image, TimePoint now);

 private:
  struct Entry;
  struct Slot {
    std::uint32_t tag;
    std::uint32_t position;  ///< in units of 8 octets, plus 1; 0: empty
  };
  struct Free {
    void operator()(void* memory) const {
      std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc): calloc gives untouched pages
    }
  };

  [[nodiscard]] std::size_t position_of(std::size_t slot) const;
  [[nodiscard]] static Slot slot_for(std::uint64_t hash, std::size_t position);
  [[nodiscard]] Entry read_entry(std::size_t position) const;
  [[nodiscard]] bool holds(std::size_t position, const CacheKey& key, std::uint64_t hash) const;
  [[nodiscard]] std::span<const std::uint8_t> image_at(std::size_t position,
                                                       const Entry& entry) const;
  [[nodiscard]] std::size_t find_slot(const CacheKey& key, std::uint64_t hash) const;
  [[nodiscard]] bool is_near_tail(std::size_t position) const;
  std::size_t move_to_head(std::size_t slot);
  void make_room(std::size_t size);
  void drop_tail();
  void erase_slot(std::size_t slot);
  void report() const;

  CacheOptions options_;
  CacheCounters& counters_;
  std::unique_ptr<std::uint8_t[], Free> ring_;
  std::unique_ptr<Slot[], Free> slots_;
  std::vector<std::uint8_t> moving_;  ///< an entry on its way from tail to head
  std::size_t capacity_ = 0;
  std::size_t slot_mask_ = 0;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  std::size_t wrap_ = 0;     ///< where the ring ends for now, when head_ is behind tail_
  std::size_t entries_ = 0;  ///< in the ring, superseded ones too
  std::size_t used_slots_ = 0;
};

}  // namespace sluice::proxy
