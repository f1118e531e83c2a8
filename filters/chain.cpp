// SPDX-License-Identifier: Apache-2.0
#include "filters/chain.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sluice::filters {
namespace {

/// Whether the targets behind an answer are judged like questions of their own.
bool inspects_targets(const Verdict& question) {
  return question.by_default() || question.rule->cname_inspection == CnameInspection::inspect;
}

/// The rule is about addresses, or a list of it has some.
bool needs_answer(const CompiledRule& rule) {
  return rule.conditions &&
         (rule.conditions->waits_for_answer() || rule.conditions->lists_have_addresses);
}

/// How a rule that is a candidate matched.
struct Hit {
  ListMatch list_match;
  bool is_about_address = false;
};

/// Asks what the index cannot know. `address` is null while the question is judged.
std::optional<Hit> check_conditions(const CompiledRule& rule, bool is_certain,
                                    ConditionedQuestion& question, const Address* address) {
  const RuleConditions& conditions = *rule.conditions;
  const auto by_name = is_certain ? std::optional(ListMatch{}) : question.match(conditions);
  const bool needs_address = conditions.waits_for_answer();
  if (by_name && !needs_address) return Hit{*by_name};
  // A list's own addresses count whatever the name was.
  const bool asks_address = address != nullptr && (by_name || !needs_address);
  if (!asks_address) return std::nullopt;
  const auto by_address = match_address(conditions, question.lists(), *address);
  return by_address ? std::optional(Hit{*by_address, true}) : std::nullopt;
}

}  // namespace

Chain::Chain(std::array<Part, 3> parts, std::shared_ptr<const std::vector<dns::Name>> cluster_zones)
    : parts_(std::move(parts)), cluster_zones_(std::move(cluster_zones)) {
  std::optional<std::uint64_t> seed;
  for (const Part& part : parts_) {
    if (!part.tier) continue;
    assert(!seed || *seed == part.tier->index.seed());
    seed = part.tier->index.seed();
    deepest_ = std::max(deepest_, part.tier->index.deepest());
    logging_ = std::max(logging_, part.tier->logging);
    for (const auto& list : part.tier->lists)
      deepest_ = std::max(deepest_, list->deepest());
    looks_at_answers_ |=
        std::any_of(part.tier->rules.begin(), part.tier->rules.end(), needs_answer);
  }
  seed_ = seed.value_or(0);
}

Verdict Chain::judge(dns::NameView qname, dns::Type qtype, DecisionTrail& trail) const noexcept {
  return judge(ask(qname, qtype), trail);
}

Verdict Chain::judge(const Question& question, DecisionTrail& trail) const noexcept {
  for (const Part& part : parts_) {
    if (const auto verdict = judge_part(part, question, trail)) return *verdict;
  }
  return {};
}

Verdict Chain::judge_target(const Verdict& question, dns::NameView target, dns::Type qtype,
                            DecisionTrail& trail) const noexcept {
  if (inspects_targets(question)) return judge(target, qtype, trail);
  const Part& admin = parts_[static_cast<std::size_t>(Tier::admin)];
  return judge_part(admin, ask(target, qtype), trail).value_or(Verdict{});
}

Chain::Question Chain::ask(dns::NameView qname, dns::Type qtype) const noexcept {
  return {qname, qtype, SuffixHashes(qname, deepest_, seed_)};
}

/// The rules of one part that match a question, or an address in its answer, in their order.
class Chain::Walk {
 public:
  struct Step {
    const CompiledRule& rule;
    DecisionSlot slot;
    Hit hit;
  };

  /// Both outlive the walk.
  Walk(const Part& part, const Question& question) noexcept
      : part_(part),
        question_(question),
        matches_(part.tier->index.match(question.suffixes, question.type)) {}

  std::optional<Step> next() noexcept {
    while (const auto match = matches_.next()) {
      const CompiledRule& rule = part_.tier->rules[match->rule];
      if (rule.filter_number == finished_trial_) continue;
      const auto hit = check(rule, match->is_certain);
      if (!hit) continue;
      if (rule.ends_trial()) finished_trial_ = rule.filter_number;
      return Step{rule, part_.first_slot + match->rule, *hit};
    }
    return std::nullopt;
  }

 private:
  std::optional<Hit> check(const CompiledRule& rule, bool is_certain) noexcept {
    if (!rule.conditions) return Hit{};
    if (!conditioned_) conditioned_.emplace(question_.suffixes, part_.tier->lists);
    return check_conditions(rule, is_certain, *conditioned_, question_.address);
  }

  const Part& part_;
  const Question& question_;
  RuleIndex::Matches matches_;
  std::optional<ConditionedQuestion> conditioned_;
  std::optional<std::uint32_t> finished_trial_;  ///< number of a filter that has had its say
};

std::optional<Verdict> Chain::judge_part(const Part& part, const Question& question,
                                         DecisionTrail& trail) const noexcept {
  if (!part.tier) return std::nullopt;
  const bool is_address = question.address != nullptr;
  Walk walk(part, question);
  while (const auto step = walk.next()) {
    const auto& [rule, slot, hit] = *step;
    // What decides the question ends the walk of an address too, and says nothing of it.
    if (rule.ends_walk() && is_address && !hit.is_about_address) return Verdict{};
    if (rule.ends_walk()) return Verdict{rule.action, &rule, slot, hit.list_match};
    if (!is_address) trail.add(rule, slot);
    if (hit.is_about_address) trail.add_once(rule, slot);
    if (!rule.only_audits()) return std::nullopt;
  }
  const auto fallback = judge_default(part, question.name);
  if (fallback && is_address) return Verdict{};
  return fallback;
}

std::optional<Verdict> Chain::judge_default(const Part& part, dns::NameView qname) const noexcept {
  const auto& fallback = part.tier->default_action;
  if (!fallback) return std::nullopt;
  if (fallback->action == Action::deny && is_in_cluster_zone(qname)) return std::nullopt;
  const auto slot = part.first_slot + static_cast<DecisionSlot>(part.tier->rules.size());
  return Verdict{fallback->action, &*fallback, slot};
}

bool Chain::is_in_cluster_zone(dns::NameView name) const noexcept {
  return std::any_of(cluster_zones_->begin(), cluster_zones_->end(),
                     [&](const dns::Name& zone) { return name.is_within(zone); });
}

Verdict Chain::judge_address(const AddressInAnswer& address, DecisionTrail& trail) const noexcept {
  if (is_in_cluster_zone(address.name)) return {};
  Question question = ask(address.name, address.type);
  question.address = &address.address;
  return judge(question, trail);
}

}  // namespace sluice::filters
