// SPDX-License-Identifier: Apache-2.0
#include "commands/policy_judge.hpp"

#include <set>
#include <utility>

namespace sluice::commands {
namespace {

Decision decision_of(const filters::CompiledRule& rule) {
  return {.action = rule.action, .rule = rule.ede_text};
}

/// Of each filter the first rule that matched: in force, it would have decided.
std::vector<Decision> trials(const filters::DecisionTrail& trail) {
  std::vector<Decision> decisions;
  std::set<std::pair<filters::Tier, std::string>> seen;
  for (const auto& entry : trail.entries()) {
    const filters::CompiledRule& rule = *entry.rule;
    const bool is_trial = rule.mode == filters::EnforcementMode::audit;
    if (!is_trial || rule.action == filters::Action::audit) continue;
    if (!seen.emplace(rule.tier, rule.filter).second) continue;
    const bool changes_nothing =
        rule.action == filters::Action::allow || rule.action == filters::Action::pass;
    if (!changes_nothing) decisions.push_back(decision_of(rule));
  }
  return decisions;
}

}  // namespace

filters::DecisionSlot PolicyJudge::NoSlots::block(
    const std::string& /*tenant*/, std::span<const filters::CompiledRule* const> /*rules*/) {
  return filters::no_slot;
}

PolicyJudge::PolicyJudge(filters::PolicySet policies, std::vector<dns::Name> cluster_zones)
    : compiler_(std::move(policies), {.cluster_zones = std::move(cluster_zones), .hash_seed = 0},
                slots_) {}

PolicyJudge::Client PolicyJudge::resolve(const filters::Workload& workload) {
  return compiler_.resolve(workload);
}

Judgement PolicyJudge::judge(const Client& client, dns::NameView name, dns::Type type) {
  filters::DecisionTrail trail;
  const auto verdict = client.chain->judge(name, type, trail);
  Judgement judgement{.decision = {.action = verdict.action, .rule = {}},
                      .on_trial = trials(trail)};
  if (verdict.rule != nullptr) judgement.decision.rule = verdict.rule->ede_text;
  return judgement;
}

}  // namespace sluice::commands
