// SPDX-License-Identifier: Apache-2.0
// From a question to the rules of one tier that match it, in order, at the cost of one probe per
// label of the question, whatever the number of rules.
//
// A hash table has an entry for each name that some pattern contains, with the rules that name it:
//
//   .example.com -> rule 0      *.example.com -> rule 2      * -> rule 7      a.example.com -> rule
//   1
//
//   `example.com.`   : 0 (itself and below), 2 (below)
//   `a.example.com.` : 1 (itself)
//   `.`              : 7 (itself and below)
//
// A question for x.a.example.com finds the entries of all its suffixes and merges their lists: 0,
// 2, 7. Rule 1 is about the name itself and does not apply below it.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dns/name.hpp"
#include "dns/types.hpp"
#include "filters/rule.hpp"
#include "filters/suffix_hashes.hpp"

namespace sluice::filters {

/// Query types that a rule is restricted to. Types below 256 are nearly all that are ever asked
/// for.
class TypeSet {
 public:
  explicit TypeSet(std::span<const dns::Type> types);
  [[nodiscard]] bool contains(dns::Type type) const noexcept;
  bool operator==(const TypeSet&) const = default;

 private:
  std::bitset<256> low_;
  std::vector<std::uint16_t> high_;  ///< sorted
};

/// Immutable once built.
class RuleIndex {
 public:
  class Matches;

  /// What the index has to know of a rule.
  struct Input {
    const PatternList& domains;              ///< none: every name
    std::span<const dns::Type> query_types;  ///< none: every type
    /// Whether nothing behind the rule is asked once it matched. Lets the index forget rules that
    /// can never be reached.
    bool ends_walk = false;
    /// The rule may also match names that only its lists or patterns know: it is a candidate for
    /// every name, and `domains`, if there are any, make it a certain one.
    bool has_conditions = false;
  };

  /// Matches nothing.
  RuleIndex() = default;
  static RuleIndex build(std::span<const Input> rules, std::uint64_t seed);

  /// The rules that match. `question` must be made with seed() and at least deepest(). The result
  /// is valid as long as both are.
  [[nodiscard]] Matches match(const SuffixHashes& question, dns::Type type) const noexcept;

  /// Labels of the deepest pattern: longer suffixes of a question are of no interest.
  [[nodiscard]] std::size_t deepest() const noexcept { return deepest_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

 private:
  class Builder;
  friend class Builder;

  /// Where, seen from the name that a pattern contains, the rule applies. A set of flags.
  using Where = std::uint8_t;
  static constexpr Where apex = 1;
  static constexpr Where below = 2;
  static constexpr Where conditional = 4;  ///< matches only if the rule's lists or patterns say so
  static constexpr std::uint32_t any_type = 0;  ///< other sets are at type_sets_[number - 1]

  struct Posting {
    std::uint32_t rule;
    std::uint32_t type_set;
    Where where;
  };
  struct Entry {
    std::uint32_t tag = 0;   ///< upper half of the hash: almost every mismatch ends here
    std::uint32_t name = 0;  ///< in names_: one octet of size, then the wire form
    std::uint32_t first_posting = 0;
    std::uint32_t posting_count = 0;  ///< 0: a free place
  };

  /// False for nearly every name that has no entry: a branch that can be predicted, where a look
  /// into the half full table could not.
  [[nodiscard]] bool may_have_entry(std::uint64_t hash) const noexcept {
    const std::uint64_t bit = hash & (presence_.size() * 64 - 1);
    return (presence_[bit / 64] >> (bit % 64) & 1U) != 0;
  }
  [[nodiscard]] std::span<const Posting> find(const SuffixHashes& question,
                                              std::size_t labels) const noexcept;
  [[nodiscard]] bool is_name_of(const Entry& entry, dns::NameView name) const noexcept;

  std::vector<Entry> entries_;  ///< open addressing, linear; at most half full, size a power of two
  std::vector<std::uint64_t> presence_;  ///< one bit set for each name, of at least 16 per name
  std::vector<std::uint8_t> names_;
  std::vector<Posting> postings_;  ///< of one entry together, by rule
  std::vector<TypeSet> type_sets_;
  std::size_t deepest_ = 0;
  std::uint64_t seed_ = 0;
};

/// Matching rules, ascending, each once.
class RuleIndex::Matches {
 public:
  struct Match {
    std::uint32_t rule;
    bool is_certain;  ///< by name and type; otherwise lists and patterns have to be asked
  };
  [[nodiscard]] std::optional<Match> next() noexcept;

 private:
  friend class RuleIndex;
  Matches(const RuleIndex& index, const SuffixHashes& question, dns::Type type) noexcept;

  struct Cursor {
    const Posting* at;
    const Posting* end;
    Where where;
  };
  /// Moves to the first posting from `lowest_` on that applies; false at the end.
  [[nodiscard]] bool settle(Cursor& cursor) const noexcept;

  const RuleIndex& index_;
  dns::Type type_;
  std::uint32_t lowest_ = 0;  ///< rules before it have been returned
  std::size_t cursor_count_ = 0;
  std::array<Cursor, dns::max_labels + 1> cursors_;  ///< not initialised, as in SuffixHashes
};

}  // namespace sluice::filters
