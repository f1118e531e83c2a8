// SPDX-License-Identifier: Apache-2.0
#include "proxy/cache.hpp"

#include <bit>
#include <cstring>

namespace sluice::proxy {
namespace {

/// Entries start at multiples of this, so that 32 bits can point into 32 GiB.
constexpr std::size_t alignment = 8;
constexpr std::size_t smallest_useful_ring = 128 << 10;
constexpr std::size_t largest_image = 64 << 10;
/// Positions behind it, the index taken off, would not fit Slot::position.
constexpr std::size_t largest_ring = 32ULL << 30;
/// Octets of ring for each slot of the index; small answers take about 150, so the index is at most
/// half full.
constexpr std::size_t ring_octets_per_slot = 64;

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0xe9846af9b1a615d;
  value ^= value >> 32;
  value *= 0xe9846af9b1a615d;
  return value ^ value >> 28;
}

std::size_t rounded(std::size_t size) {
  return (size + alignment - 1) / alignment * alignment;
}

std::uint32_t seconds_of(TimePoint time) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

std::uint8_t flags_of(const CacheKey& key) {
  return static_cast<std::uint8_t>((key.dnssec_ok ? 1 : 0) | (key.checking_disabled ? 2 : 0));
}

template <typename T>
T* zeroed(std::size_t count) {
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): nothing else gives pages that were never touched
  return static_cast<T*>(std::calloc(count, sizeof(T)));
}

}  // namespace

/// In front of the name and the image of each entry.
struct Cache::Entry {
  std::uint64_t hash;
  std::uint64_t view;
  std::uint32_t size;  ///< in the ring, with everything
  std::uint32_t image_size;
  std::uint32_t stored;  ///< second of the monotonic clock
  std::uint32_t ttl;
  std::uint16_t type;
  std::uint16_t klass;
  std::uint16_t upstream;
  std::uint8_t flags;
  std::uint8_t name_size;
};

std::uint64_t hash_of(const CacheKey& key, std::uint64_t seed) {
  std::uint64_t hash = seed;
  auto octets = key.question.name.view().wire();
  for (; octets.size() >= 8; octets = octets.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets.data(), 8);
    hash = mix(hash ^ word);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, octets.data(), octets.size());
  hash = mix(hash ^ word ^ static_cast<std::uint64_t>(octets.size()) << 56);
  const auto type = static_cast<std::uint64_t>(key.question.type);
  const auto klass = static_cast<std::uint64_t>(key.question.klass);
  return mix(hash ^ (type | klass << 16 | static_cast<std::uint64_t>(flags_of(key)) << 32) ^
             mix(key.view ^ static_cast<std::uint64_t>(key.upstream) << 48));
}

SubnetOption::SubnetOption(std::span<const std::uint8_t> option) {
  if (option.size() > max_size) return;
  size_ = static_cast<std::uint8_t>(option.size());
  std::copy(option.begin(), option.end(), octets_.begin());
}

Cache::Cache(const CacheOptions& options, CacheCounters& counters)
    : options_(options), counters_(counters) {
  if (options.max_bytes < smallest_useful_ring) return;
  const std::size_t budget = std::min(options.max_bytes, largest_ring);
  const std::size_t slots = std::bit_floor(budget / ring_octets_per_slot);
  capacity_ = (budget - slots * sizeof(Slot)) / alignment * alignment;
  slot_mask_ = slots - 1;
  slots_.reset(zeroed<Slot>(slots));
  ring_.reset(zeroed<std::uint8_t>(capacity_));
  moving_.reserve(
      std::min(capacity_ / 8, rounded(largest_image + sizeof(Entry) + dns::max_name_size)));
  wrap_ = capacity_;
}

std::optional<CacheHit> Cache::find(const CacheKey& key, TimePoint now) {
  if (capacity_ == 0 || !key.subnet.octets().empty()) return std::nullopt;
  const std::size_t slot = find_slot(key, hash_of(key, options_.hash_seed));
  if (slots_[slot].position == 0) return std::nullopt;
  std::size_t position = position_of(slot);
  const Entry entry = read_entry(position);
  // A caller's `now` may be older than the answer: it is read once for many queries.
  const std::uint32_t age = std::max(seconds_of(now), entry.stored) - entry.stored;
  if (age >= entry.ttl + options_.serve_stale.count()) return std::nullopt;
  if (is_near_tail(position)) position = move_to_head(slot);
  return CacheHit{dns::AnswerView(image_at(position, entry)), age, age >= entry.ttl};
}

void Cache::insert(const CacheKey& key, std::span<const std::uint8_t> image, TimePoint now) {
  const auto name = key.question.name.view().wire();
  const std::size_t size = rounded(sizeof(Entry) + name.size() + image.size());
  if (image.size() > largest_image || size > capacity_ / 8 || !key.subnet.octets().empty()) return;
  make_room(size);
  Entry entry{};
  entry.hash = hash_of(key, options_.hash_seed);
  entry.size = static_cast<std::uint32_t>(size);
  entry.image_size = static_cast<std::uint32_t>(image.size());
  entry.stored = seconds_of(now);
  entry.ttl = dns::AnswerView(image).head().ttl;
  entry.view = key.view;
  entry.type = static_cast<std::uint16_t>(key.question.type);
  entry.klass = static_cast<std::uint16_t>(key.question.klass);
  entry.upstream = key.upstream;
  entry.flags = flags_of(key);
  entry.name_size = static_cast<std::uint8_t>(name.size());
  std::uint8_t* at = ring_.get() + head_;
  std::memcpy(at, &entry, sizeof entry);
  std::memcpy(at + sizeof entry, name.data(), name.size());
  std::memcpy(at + sizeof entry + name.size(), image.data(), image.size());
  Slot& slot = slots_[find_slot(key, entry.hash)];
  if (slot.position == 0) ++used_slots_;
  slot = slot_for(entry.hash, head_);
  head_ += size;
  ++entries_;
  counters_.insertions.add();
  report();
}

/// Where the entry of a slot in use stands.
std::size_t Cache::position_of(std::size_t slot) const {
  return (slots_[slot].position - 1UL) * alignment;
}

Cache::Slot Cache::slot_for(std::uint64_t hash, std::size_t position) {
  return {static_cast<std::uint32_t>(hash >> 32),
          static_cast<std::uint32_t>(position / alignment + 1)};
}

Cache::Entry Cache::read_entry(std::size_t position) const {
  Entry entry;
  std::memcpy(&entry, ring_.get() + position, sizeof entry);
  return entry;
}

bool Cache::holds(std::size_t position, const CacheKey& key, std::uint64_t hash) const {
  const Entry entry = read_entry(position);
  const auto name = key.question.name.view().wire();
  return entry.hash == hash && entry.view == key.view && entry.upstream == key.upstream &&
         entry.flags == flags_of(key) &&
         entry.type == static_cast<std::uint16_t>(key.question.type) &&
         entry.klass == static_cast<std::uint16_t>(key.question.klass) &&
         entry.name_size == name.size() &&
         std::memcmp(ring_.get() + position + sizeof entry, name.data(), name.size()) == 0;
}

std::span<const std::uint8_t> Cache::image_at(std::size_t position, const Entry& entry) const {
  return {ring_.get() + position + sizeof entry + entry.name_size, entry.image_size};
}

/// The slot that holds the key, or the empty one where it belongs.
std::size_t Cache::find_slot(const CacheKey& key, std::uint64_t hash) const {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t slot = hash & slot_mask_;
  while (slots_[slot].position != 0 &&
         (slots_[slot].tag != tag || !holds(position_of(slot), key, hash))) {
    slot = (slot + 1) & slot_mask_;
  }
  return slot;
}

/// True when less than an eighth of the ring has yet to be written before this place is.
bool Cache::is_near_tail(std::size_t position) const {
  const std::size_t gap = head_ < tail_ ? tail_ - head_ : capacity_ - head_ + tail_;
  const std::size_t distance = position >= tail_ ? position - tail_ : position + wrap_ - tail_;
  return gap + distance < capacity_ / 8;
}

std::size_t Cache::move_to_head(std::size_t slot) {
  const std::size_t position = position_of(slot);
  const Entry entry = read_entry(position);
  moving_.assign(ring_.get() + position, ring_.get() + position + entry.size);
  erase_slot(slot);
  make_room(entry.size);  // it fitted before
  std::memcpy(ring_.get() + head_, moving_.data(), entry.size);
  std::size_t free_slot = entry.hash & slot_mask_;
  while (slots_[free_slot].position != 0)
    free_slot = (free_slot + 1) & slot_mask_;
  const std::size_t moved = head_;
  slots_[free_slot] = slot_for(entry.hash, moved);
  ++used_slots_;
  head_ += entry.size;
  ++entries_;
  report();
  return moved;
}

/// Drops from the tail until `size` octets fit at the head in one piece and the index has room.
void Cache::make_room(std::size_t size) {
  while (used_slots_ * 4 > slot_mask_ * 3)
    drop_tail();
  while (true) {
    if (entries_ == 0) {
      head_ = tail_ = 0;
      wrap_ = capacity_;
      return;
    }
    if (head_ < tail_) {
      if (tail_ - head_ > size) return;
      drop_tail();
    } else if (capacity_ - head_ >= size && head_ != tail_) {
      return;
    } else if (head_ == tail_) {
      drop_tail();
    } else {
      wrap_ = head_;
      head_ = 0;
    }
  }
}

void Cache::drop_tail() {
  const Entry entry = read_entry(tail_);
  std::size_t slot = entry.hash & slot_mask_;
  const std::uint32_t position = slot_for(entry.hash, tail_).position;
  while (slots_[slot].position != 0 && slots_[slot].position != position) {
    slot = (slot + 1) & slot_mask_;
  }
  // A superseded entry has no slot any more: only its place is given back.
  if (slots_[slot].position == position) {
    erase_slot(slot);
    counters_.evictions.add();
  }
  --entries_;
  tail_ += entry.size;
  if (tail_ == wrap_ && head_ < tail_) {
    tail_ = 0;
    wrap_ = capacity_;
  }
}

/// Linear probing without tombstones: what was pushed behind by the erased slot moves back.
void Cache::erase_slot(std::size_t slot) {
  --used_slots_;
  std::size_t next = slot;
  while (true) {
    next = (next + 1) & slot_mask_;
    if (slots_[next].position == 0) break;
    const std::size_t home = read_entry(position_of(next)).hash & slot_mask_;
    if (((next - home) & slot_mask_) < ((next - slot) & slot_mask_)) continue;
    slots_[slot] = slots_[next];
    slot = next;
  }
  slots_[slot] = {};
}

void Cache::report() const {
  counters_.entries.set(used_slots_);
  counters_.bytes.set(head_ >= tail_ ? head_ - tail_ : wrap_ - tail_ + head_);
}

}  // namespace sluice::proxy
