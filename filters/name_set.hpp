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
  std::vector<std::uint64_t> slots_;
  std::map<Prefix, ListMatch> addresses_;
  std::size_t deepest_ = 0;
  std::size_t size_ = 0;
  std::uint64_t seed_ = 0;
};

/// The compiled lists by what filters call them.
using NameSets = std::map<ListKey, std::shared_ptr<const NameSet>>;

}  // namespace sluice::filters
