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

}  // namespace

Chain::Chain(std::array<Part, 3> parts, std::shared_ptr<const std::vector<dns::Name>> cluster_zones)
    : parts_(std::move(parts)), cluster_zones_(std::move(cluster_zones)) {
  std::optional<std::uint64_t> seed;
  for (const Part& part : parts_) {
    if (!part.tier) continue;
    assert(!seed || *seed == part.tier->index.seed());
    seed = part.tier->index.seed();
    deepest_ = std::max(deepest_, part.tier->index.deepest());
  }
  seed_ = seed.value_or(0);
}

Verdict Chain::judge(dns::NameView qname, dns::Type qtype, DecisionTrail& trail) const noexcept {
  const Question question = ask(qname, qtype);
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

std::optional<Verdict> Chain::judge_part(const Part& part, const Question& question,
                                         DecisionTrail& trail) const noexcept {
  if (!part.tier) return std::nullopt;
  auto matches = part.tier->index.match(question.suffixes, question.type);
  while (const auto position = matches.next()) {
    const CompiledRule& rule = part.tier->rules[*position];
    const DecisionSlot slot = part.first_slot + *position;
    if (!rule.only_audits() && rule.action != Action::pass) {
      return Verdict{rule.action, &rule, slot};
    }
    trail.add(rule, slot);
    if (!rule.only_audits()) return std::nullopt;
  }
  return judge_default(part, question.name);
}

std::optional<Verdict> Chain::judge_default(const Part& part, dns::NameView qname) const noexcept {
  const auto& fallback = part.tier->default_action;
  if (!fallback) return std::nullopt;
  const bool is_exempt = fallback->action == Action::deny &&
                         std::any_of(cluster_zones_->begin(), cluster_zones_->end(),
                                     [&](const dns::Name& zone) { return qname.is_within(zone); });
  if (is_exempt) return std::nullopt;
  const auto slot = part.first_slot + static_cast<DecisionSlot>(part.tier->rules.size());
  return Verdict{fallback->action, &*fallback, slot};
}

}  // namespace sluice::filters
