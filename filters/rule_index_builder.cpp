// SPDX-License-Identifier: Apache-2.0
// The building half of RuleIndex: collects the postings of each name, drops those that can never be
// reached, then lays everything out.
#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <unordered_map>

#include "filters/rule_index.hpp"

namespace sluice::filters {

class RuleIndex::Builder {
 public:
  explicit Builder(std::uint64_t seed) { index_.seed_ = seed; }

  void add(std::uint32_t number, const Input& rule) {
    const std::uint32_t type_set = number_of(rule.query_types);
    if (rule.domains.empty() && !rule.has_conditions) {
      add_posting({}, {{number, type_set, apex | below}, rule.ends_walk});
    }
    for (const Pattern pattern : rule.domains) {
      const auto where =
          static_cast<Where>((pattern.apex ? apex : 0) | (pattern.below ? below : 0));
      add_posting(pattern.name, {{number, type_set, where}, rule.ends_walk});
    }
    // Behind `*` in the same rule there is nothing left to ask lists and patterns for.
    if (rule.has_conditions) {
      add_posting({}, {{number, type_set, apex | below | conditional}, false});
    }
  }

  RuleIndex finish() && {
    if (lists_.empty()) return std::move(index_);
    index_.entries_.resize(std::bit_ceil(lists_.size() * 2));
    index_.presence_.resize(std::bit_ceil(lists_.size() * 16 / 64 + 1));
    for (const auto& [wire, list] : lists_)
      store(wire, list);
    return std::move(index_);
  }

 private:
  struct Candidate {
    Posting posting;
    bool ends_walk;
  };
  using List = std::vector<Candidate>;

  std::uint32_t number_of(std::span<const dns::Type> types) {
    if (types.empty()) return any_type;
    auto& sets = index_.type_sets_;
    const TypeSet wanted(types);
    const auto found = std::find(sets.begin(), sets.end(), wanted);
    const auto position = static_cast<std::uint32_t>(found - sets.begin());
    if (found == sets.end()) sets.push_back(wanted);
    return position + 1;
  }

  void add_posting(dns::NameView name, const Candidate& candidate) {
    const auto wire = name.wire();
    List& list = lists_[std::string(wire.begin(), wire.end())];
    if (is_out_of_reach(list, candidate.posting)) return;
    // `example.com` and `*.example.com` in one rule are one posting.
    if (!list.empty() && list.back().posting.rule == candidate.posting.rule) {
      if ((candidate.posting.where & conditional) != 0) return;
      list.back().posting.where |= candidate.posting.where;
      return;
    }
    list.push_back(candidate);
  }

  /// Whether rules before it on the same name decide every query that it would match.
  static bool is_out_of_reach(const List& list, const Posting& posting) {
    Where decided = 0;
    for (const Candidate& earlier : list) {
      const bool covers_types =
          earlier.posting.type_set == any_type || earlier.posting.type_set == posting.type_set;
      if (earlier.ends_walk && covers_types) decided |= earlier.posting.where;
    }
    return (posting.where & (apex | below) & ~decided) == 0;
  }

  void store(std::string_view wire, const List& list) {
    const dns::NameView name({reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size()});
    const SuffixHashes hashes(name, dns::max_labels, index_.seed_);
    index_.deepest_ = std::max(index_.deepest_, hashes.label_count());

    const std::uint64_t hash = hashes.hash(hashes.label_count());
    const std::uint64_t bit = hash & (index_.presence_.size() * 64 - 1);
    index_.presence_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    Entry& entry = free_place(hash);
    entry.tag = static_cast<std::uint32_t>(hash >> 32);
    entry.name = static_cast<std::uint32_t>(index_.names_.size());
    entry.first_posting = static_cast<std::uint32_t>(index_.postings_.size());
    entry.posting_count = static_cast<std::uint32_t>(list.size());

    index_.names_.push_back(static_cast<std::uint8_t>(wire.size()));
    index_.names_.insert(index_.names_.end(), wire.begin(), wire.end());
    for (const Candidate& candidate : list)
      index_.postings_.push_back(candidate.posting);
  }

  Entry& free_place(std::uint64_t hash) {
    const std::size_t mask = index_.entries_.size() - 1;
    std::size_t place = hash & mask;
    while (index_.entries_[place].posting_count != 0)
      place = (place + 1) & mask;
    return index_.entries_[place];
  }

  RuleIndex index_;
  std::unordered_map<std::string, List> lists_;  ///< by the wire form of a name
};

RuleIndex RuleIndex::build(std::span<const Input> rules, std::uint64_t seed) {
  Builder builder(seed);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    builder.add(static_cast<std::uint32_t>(i), rules[i]);
  }
  return std::move(builder).finish();
}

}  // namespace sluice::filters
