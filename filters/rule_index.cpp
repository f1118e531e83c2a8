// SPDX-License-Identifier: Apache-2.0
#include "filters/rule_index.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::filters {

TypeSet::TypeSet(std::span<const dns::Type> types) {
  for (const dns::Type type : types) {
    const auto number = static_cast<std::uint16_t>(type);
    if (number < low_.size()) {
      low_.set(number);
    } else {
      high_.push_back(number);
    }
  }
  std::sort(high_.begin(), high_.end());
  high_.erase(std::unique(high_.begin(), high_.end()), high_.end());
}

bool TypeSet::contains(dns::Type type) const noexcept {
  const auto number = static_cast<std::uint16_t>(type);
  if (number < low_.size()) return low_[number];
  return std::binary_search(high_.begin(), high_.end(), number);
}

RuleIndex::Matches RuleIndex::match(const SuffixHashes& question, dns::Type type) const noexcept {
  return {*this, question, type};
}

std::span<const RuleIndex::Posting> RuleIndex::find(const SuffixHashes& question,
                                                    std::size_t labels) const noexcept {
  const std::uint64_t hash = question.hash(labels);
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t place = hash & mask;; place = (place + 1) & mask) {
    const Entry& entry = entries_[place];
    if (entry.posting_count == 0) return {};
    if (entry.tag == tag && is_name_of(entry, question.suffix(labels))) {
      return std::span(postings_).subspan(entry.first_posting, entry.posting_count);
    }
  }
}

bool RuleIndex::is_name_of(const Entry& entry, dns::NameView name) const noexcept {
  const std::uint8_t* stored = names_.data() + entry.name;
  return stored[0] == name.size() && std::memcmp(stored + 1, name.wire().data(), name.size()) == 0;
}

// Cursors are filled as far as they are used; see the header.
RuleIndex::Matches::Matches(const RuleIndex& index, const SuffixHashes& question,
                            dns::Type type) noexcept
    : index_(index), type_(type) {
  if (index.entries_.empty()) return;
  const std::size_t deepest = std::min(index.deepest_, question.deepest());
  for (std::size_t labels = 0; labels <= deepest; ++labels) {
    if (!index.may_have_entry(question.hash(labels))) continue;
    const auto postings = index.find(question, labels);
    if (postings.empty()) continue;
    const Where where = labels == question.label_count() ? apex : below;
    cursors_[cursor_count_++] = {postings.data(), postings.data() + postings.size(), where};
  }
}

std::optional<RuleIndex::Matches::Match> RuleIndex::Matches::next() noexcept {
  std::optional<Match> first;
  for (Cursor& cursor : std::span(cursors_.data(), cursor_count_)) {
    if (!settle(cursor)) continue;
    const bool is_certain = (cursor.at->where & conditional) == 0;
    if (!first || cursor.at->rule < first->rule) {
      first = {cursor.at->rule, is_certain};
    } else if (cursor.at->rule == first->rule) {
      first->is_certain |= is_certain;
    }
  }
  if (first) lowest_ = first->rule + 1;
  return first;
}

bool RuleIndex::Matches::settle(Cursor& cursor) const noexcept {
  const auto applies = [&](const Posting& posting) {
    return posting.rule >= lowest_ && (posting.where & cursor.where) != 0 &&
           (posting.type_set == any_type ||
            index_.type_sets_[posting.type_set - 1].contains(type_));
  };
  cursor.at = std::find_if(cursor.at, cursor.end, applies);
  return cursor.at != cursor.end;
}

}  // namespace sluice::filters
