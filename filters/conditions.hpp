// SPDX-License-Identifier: Apache-2.0
// What a rule may ask for beyond names and query types: patterns, lists, addresses in the answer.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "filters/address.hpp"
#include "filters/name_pattern.hpp"
#include "filters/name_set.hpp"
#include "filters/suffix_hashes.hpp"

namespace sluice::filters {

/// Immutable, part of a CompiledRule.
struct RuleConditions {
  std::vector<NamePattern> patterns;  ///< one of these matches the name, or
  std::vector<std::uint32_t> lists;   ///< one of these has it; positions in CompiledTier::lists
  /// Not empty: the rule waits for the answer, and is about addresses in one of these.
  std::vector<Prefix> answer_prefixes;
  /// One of the lists has addresses: the rule looks at answers, whatever the name.
  bool lists_have_addresses = false;

  [[nodiscard]] bool waits_for_answer() const { return !answer_prefixes.empty(); }
};

/// One question put to the patterns and lists of one tier. Remembers what lists said, because many
/// rules may refer to the same list. Lives on the stack, allocates nothing.
class ConditionedQuestion {
 public:
  using Lists = std::vector<std::shared_ptr<const NameSet>>;

  /// Both outlive this.
  ConditionedQuestion(const SuffixHashes& question, const Lists& lists) noexcept;

  [[nodiscard]] const Lists& lists() const noexcept { return lists_; }
  /// Whether a pattern or a list of the rule has the name, and what the list says then.
  [[nodiscard]] std::optional<ListMatch> match(const RuleConditions& conditions) noexcept;

 private:
  [[nodiscard]] std::optional<ListMatch> match_list(std::uint32_t list) noexcept;
  [[nodiscard]] bool matches_pattern(const RuleConditions& conditions) noexcept;

  static constexpr std::size_t remembered =
      64;  ///< what a tenant may refer to; more are asked anew

  /// ListMatch without initialisers: clearing 64 of them would cost more than most lookups.
  struct Said {
    ListEffect effect;
    const Rewrite* local_data;
  };

  const SuffixHashes& question_;
  const Lists& lists_;
  std::optional<PatternText> text_;
  std::bitset<remembered> asked_;
  std::bitset<remembered> found_;
  std::array<Said, remembered> said_;  ///< where found_
};

/// Whether an address of an answer is one that the rule is about, and what a list says of it.
std::optional<ListMatch> match_address(const RuleConditions& conditions,
                                       const ConditionedQuestion::Lists& lists,
                                       const Address& address) noexcept;

}  // namespace sluice::filters
