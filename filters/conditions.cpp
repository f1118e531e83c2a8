// SPDX-License-Identifier: Apache-2.0
#include "filters/conditions.hpp"

#include <algorithm>

namespace sluice::filters {

// What lists said is filled in as they are asked; see the header.
ConditionedQuestion::ConditionedQuestion(const SuffixHashes& question, const Lists& lists) noexcept
    : question_(question), lists_(lists) {}

std::optional<ListMatch> ConditionedQuestion::match(const RuleConditions& conditions) noexcept {
  for (const std::uint32_t list : conditions.lists) {
    if (const auto said = match_list(list)) return said;
  }
  if (matches_pattern(conditions)) return ListMatch{};
  return std::nullopt;
}

std::optional<ListMatch> ConditionedQuestion::match_list(std::uint32_t list) noexcept {
  if (list >= remembered) return lists_[list]->find(question_);
  if (!asked_[list]) {
    asked_.set(list);
    const auto said = lists_[list]->find(question_);
    if (!said) return std::nullopt;
    found_.set(list);
    said_[list] = {said->effect, said->local_data};
  }
  if (!found_[list]) return std::nullopt;
  return ListMatch{said_[list].effect, said_[list].local_data};
}

bool ConditionedQuestion::matches_pattern(const RuleConditions& conditions) noexcept {
  if (conditions.patterns.empty()) return false;
  if (!text_) text_.emplace(question_.suffix(question_.label_count()));
  return std::any_of(conditions.patterns.begin(), conditions.patterns.end(),
                     [this](const NamePattern& pattern) { return pattern.matches(text_->view()); });
}

std::optional<ListMatch> match_address(const RuleConditions& conditions,
                                       const ConditionedQuestion::Lists& lists,
                                       const Address& address) noexcept {
  const auto& prefixes = conditions.answer_prefixes;
  const auto contains = [&](const Prefix& prefix) { return prefix.contains(address); };
  if (std::any_of(prefixes.begin(), prefixes.end(), contains)) return ListMatch{};
  if (!conditions.lists_have_addresses) return std::nullopt;
  for (const std::uint32_t list : conditions.lists) {
    if (const auto said = lists[list]->find(address)) return said;
  }
  return std::nullopt;
}

}  // namespace sluice::filters
