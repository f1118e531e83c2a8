// SPDX-License-Identifier: Apache-2.0
#include "commands/policy_judge.hpp"

#include <utility>

namespace sluice::commands {
namespace {

Decision decision_of(const filters::CompiledRule& rule) {
  return {.action = rule.action, .rule = rule.ede_text};
}

/// What filters on trial would have decided: of each, a chain counts one rule.
std::vector<Decision> trials(const filters::DecisionTrail& trail) {
  std::vector<Decision> decisions;
  for (const auto& entry : trail.entries()) {
    const filters::CompiledRule& rule = *entry.rule;
    if (!rule.ends_trial()) continue;
    const bool changes_nothing =
        rule.action == filters::Action::allow || rule.action == filters::Action::pass;
    if (!changes_nothing) decisions.push_back(decision_of(rule));
  }
  return decisions;
}

}  // namespace

PolicyJudge::PolicyJudge(const filters::PolicySet& policies, filters::CompilerOptions options)
    : compiler_(policies, std::move(options), slots_) {}

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
