// SPDX-License-Identifier: Apache-2.0
// The names of one list, compiled: made for millions of names, shared by every chain that refers to
// the list. A name takes one slot of 8 octets, so the names themselves are not kept: a slot holds
// 56 bits of a name's seeded hash. That another name is taken for one of the list happens once in
// about 10^12 distinct names asked, and nobody can bring it about who does not know the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "filters/address.hpp"
#include "filters/rule.hpp"
#include "filters/suffix_hashes.hpp"

namespace sluice::filters {

/// What a list says of an entry. All but `listed` come from response policy zones.
enum class ListEffect : std::uint8_t {
  listed,  ///< as the rule says that refers to the list
  nxdomain,
  nodata,
  drop,  ///< no answer at all
  local_data,
};

/// An entry that a name or an address was found under.
struct ListMatch {
  ListEffect effect = ListEffect::listed;
  const Rewrite* local_data = nullptr;  ///< with ListEffect::local_data; as long as the set lives
};

/// Immutable once built. Lookups allocate nothing and never throw.
class NameSet {
 public:
  class Builder;

  /// Matches nothing.
  NameSet() = default;

  /// What the list says of a name, or nothing: it is not in the list, or it is an exception.
  /// `question` must be made with seed() and at least deepest().
  [[nodiscard]] std::optional<ListMatch> find(const SuffixHashes& question) const noexcept;
  /// What the list says of an address in an answer (`rpz-ip`): the longest prefix.
  [[nodiscard]] std::optional<ListMatch> find(const Address& address) const noexcept;
  /// Whether there are addresses in the list: rules that refer to it look at answers too.
  [[nodiscard]] bool has_addresses() const noexcept { return !addresses_.empty(); }

  /// Labels of the deepest entry.
  [[nodiscard]] std::size_t deepest() const noexcept { return deepest_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  /// Distinct names and prefixes.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Octets held.
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  friend class Builder;

  /// The low octet of a slot. Never 0: that is an empty slot.
  using Payload = std::uint8_t;
  /// Where, seen from the name, the entry applies.
  static constexpr Payload apex = 1;
  static constexpr Payload below = 2;
  /// Adblock's order: an important exception goes before what is important, that before an
  /// exception, that before what is listed, wherever on the way to the root they stand.
  static constexpr Payload exception = 4;
  static constexpr Payload important = 8;
  static constexpr Payload important_exception = 16;
  static constexpr Payload precedence = exception | important | important_exception;
  static constexpr unsigned effect_shift = 5;

  /// What an entry does, by number: the first four are ListEffect's, then these, then local data.
  using Effect = std::uint32_t;
  static constexpr Effect passthru = 4;
  static constexpr Effect first_local_data = 5;  ///< local_data_[effect - first_local_data]
  /// In a payload: too high a number for three bits, or not the same at the name and below it.
  static constexpr Effect in_sides = 7;

  struct Sides {
    std::optional<Effect> at_apex;
    std::optional<Effect> at_below;
  };
  struct AddressEntry {
    Prefix prefix;
    Effect effect;
  };

  /// What adblock's order makes of the flags of all entries on the way.
  static std::optional<ListMatch> weigh(Payload seen, bool is_listed) noexcept;
  [[nodiscard]] std::size_t place_of(std::uint64_t hash) const noexcept;
  [[nodiscard]] Payload payload_of(std::uint64_t hash) const noexcept;
  [[nodiscard]] Effect effect_of(Payload payload, std::uint64_t hash, Payload where) const noexcept;
  [[nodiscard]] std::optional<ListMatch> match_of(Effect effect) const noexcept;

  std::vector<std::uint64_t>
      slots_;  ///< 56 bits of hash, then the payload; open addressing, linear
  std::unordered_map<std::uint64_t, Sides> sides_;  ///< by hash
  std::vector<Rewrite> local_data_;
  std::vector<AddressEntry> addresses_;        ///< sorted by prefix, each once
  std::vector<std::uint8_t> address_lengths_;  ///< lengths that occur, longest first
  std::size_t deepest_ = 0;
  std::size_t shallowest_ = 0;  ///< labels of the shallowest entry
  std::size_t size_ = 0;
  std::uint64_t seed_ = 0;
  bool has_precedence_ = false;  ///< some payload has a bit of `precedence`
};

/// The compiled lists by what filters call them.
using NameSets = std::map<ListKey, std::shared_ptr<const NameSet>>;

}  // namespace sluice::filters
