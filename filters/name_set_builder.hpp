// SPDX-License-Identifier: Apache-2.0
// Collects the entries of one list and lays the set out once, when their number is known. Takes 9
// octets an entry while it collects, and the set's 11.5 a name on top while it finishes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "filters/name_set.hpp"

namespace sluice::filters {

/// Where, seen from its name, an entry applies.
enum class EntryReach : std::uint8_t { name, below, name_and_below };

/// What an entry says.
enum class EntryAction : std::uint8_t {
  listed,
  nxdomain,
  nodata,
  drop,
  passthru,  ///< an exception by place: the most specific entry decides
  /// Adblock's: see NameSet. Not to be mixed with the above, but for `listed`, in one list.
  important,
  exception,
  important_exception,
};

/// Why local data could not be added.
enum class LocalDataProblem : std::uint8_t {
  none,
  conflict,            ///< a CNAME beside other data, or a second CNAME
  too_many_addresses,  ///< for one name
  too_many_kinds,      ///< the list has more different local data than max_local_data
};

/// Of entries that contradict each other at one place, the one added first counts; an action goes
/// before local data.
class NameSet::Builder {
 public:
  /// As many as a rule's `rewrite` may have.
  static constexpr std::size_t max_addresses = 8;
  /// Different sets of records in one list. Names that share one cost next to nothing; 100,000
  /// different ones cost 30 MB.
  static constexpr std::size_t max_local_data = 100'000;

  /// `seed` is that of all hashes of the process.
  explicit Builder(std::uint64_t seed) {
    set_.seed_ = seed;
    set_.shallowest_ = dns::max_labels;
  }

  /// Exceptions of adblock hold for the name and below, whatever `reach`. The name is canonical.
  void add(dns::NameView name, EntryReach reach, EntryAction action = EntryAction::listed);
  /// Addresses that are added to one place in several calls are answered together.
  [[nodiscard]] LocalDataProblem add_local_data(dns::NameView name, EntryReach reach,
                                                const Rewrite& data);
  void add(const Prefix& prefix, EntryAction action);
  [[nodiscard]] LocalDataProblem add_local_data(const Prefix& prefix, const Rewrite& data);

  /// Entries added, duplicates included.
  [[nodiscard]] std::size_t size() const { return count_ + local_.size() + addresses_.size(); }

  [[nodiscard]] NameSet finish() &&;

 private:
  /// What add() collects, in blocks: a vector that grows would hold everything twice meanwhile.
  struct Block {
    static constexpr std::size_t capacity = 4096;
    std::array<std::uint64_t, capacity> hashes;
    std::array<Payload, capacity> payloads;
    std::size_t size;
  };

  [[nodiscard]] std::uint64_t hash_of(dns::NameView name);
  /// The local data of one place with `data` added to it.
  [[nodiscard]] LocalDataProblem extend(std::optional<Effect>& effect, const Rewrite& data);
  void fill(std::size_t slot_count);
  void insert_blocks();
  void insert(std::uint64_t hash, Payload payload);
  void insert_effect(std::uint64_t hash, Payload where, Effect effect);
  [[nodiscard]] std::uint64_t& slot_of(std::uint64_t hash);
  void join(Payload& slot, Payload payload, std::uint64_t hash);
  void keep_apart(Payload& slot, std::uint64_t hash);
  void lay_out_addresses();

  NameSet set_;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t count_ = 0;  ///< in blocks_
  std::unordered_map<std::uint64_t, Sides> local_;
  std::map<std::string, Effect> kinds_;  ///< local data that is in set_.local_data_
  std::map<Prefix, Effect> addresses_;
};

}  // namespace sluice::filters
