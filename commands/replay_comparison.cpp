// SPDX-License-Identifier: Apache-2.0
#include "commands/replay_comparison.hpp"

#include <optional>
#include <unordered_map>

#include "dns/text.hpp"

namespace sluice::commands {
namespace {

using filters::Action;

/// A recorded client as both sets of policies see it.
struct KnownClient {
  PolicyJudge::Client now;
  std::optional<PolicyJudge::Client> before;
};

/// Finds clients once: resolving takes longer than judging.
class ClientTable {
 public:
  ClientTable(const Identities& identities, PolicyJudge& judge, PolicyJudge* baseline)
      : identities_(identities), judge_(judge), baseline_(baseline) {}

  /// Null for clients that nobody knows. `client` keeps its place.
  const KnownClient* find(const recordings::RecordedClient& client) {
    const auto known = clients_.find(&client);
    if (known != clients_.end()) return known->second ? &*known->second : nullptr;
    auto& found = clients_[&client];
    if (const auto workload = identities_.find(client)) {
      found = KnownClient{.now = judge_.resolve(*workload), .before = {}};
      if (baseline_ != nullptr) found->before = baseline_->resolve(*workload);
    }
    return found ? &*found : nullptr;
  }

 private:
  const Identities& identities_;
  PolicyJudge& judge_;
  PolicyJudge* baseline_;
  std::unordered_map<const recordings::RecordedClient*, std::optional<KnownClient>> clients_;
};

Decision decision_before(const KnownClient& client, const recordings::Tally::Entry& entry) {
  if (client.before) return PolicyJudge::judge(*client.before, entry.name, entry.type).decision;
  if (!entry.verdict) return {};
  return {.action = entry.verdict->action, .rule = entry.verdict->rule};
}

ChangeKind kind_of(Action action) {
  if (action == Action::deny) return ChangeKind::newly_denied;
  if (action == Action::rewrite) return ChangeKind::newly_rewritten;
  return ChangeKind::newly_allowed;
}

std::string rule_behind(const Decision& before, const Decision& now) {
  if (!now.rule.empty()) return now.rule;
  return before.rule.empty() ? "no rule" : "no longer " + before.rule;
}

void note(Comparison& comparison, ChangeKey key, const recordings::Tally::Entry& entry) {
  Change& change = comparison.changes[std::move(key)];
  change.queries += entry.count;
  change.questions[dns::to_text({dns::Name(entry.name), entry.type})] += entry.count;
}

void compare_entry(Comparison& comparison, const KnownClient& client,
                   const recordings::Tally::Entry& entry) {
  const std::string& tenant = client.now.tenant;
  const Judgement now = PolicyJudge::judge(client.now, entry.name, entry.type);
  const Decision before = decision_before(client, entry);
  if (now.decision.action != before.action) {
    note(comparison, {tenant, kind_of(now.decision.action), rule_behind(before, now.decision)},
         entry);
  }
  for (const Decision& trial : now.on_trial) {
    if (trial.action != now.decision.action) {
      note(comparison, {tenant, ChangeKind::on_trial, trial.rule}, entry);
    }
  }
}

}  // namespace

const char* to_text(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::newly_denied:
      return "newly denied";
    case ChangeKind::newly_allowed:
      return "newly allowed";
    case ChangeKind::newly_rewritten:
      return "newly rewritten";
    case ChangeKind::on_trial:
      return "on trial";
  }
  return "";
}

std::uint64_t Comparison::queries(ChangeKind kind) const {
  std::uint64_t sum = 0;
  for (const auto& [key, change] : changes)
    sum += key.kind == kind ? change.queries : 0;
  return sum;
}

std::uint64_t Comparison::changed() const {
  return queries(ChangeKind::newly_denied) + queries(ChangeKind::newly_allowed) +
         queries(ChangeKind::newly_rewritten);
}

Comparison compare(const recordings::Tally& tally, const Identities& identities, PolicyJudge& judge,
                   PolicyJudge* baseline) {
  Comparison comparison;
  ClientTable clients(identities, judge, baseline);
  tally.for_each([&](const recordings::Tally::Entry& entry) {
    const KnownClient* client = clients.find(entry.client);
    if (client == nullptr) {
      comparison.unknown += entry.count;
      return;
    }
    comparison.judged += entry.count;
    compare_entry(comparison, *client, entry);
  });
  return comparison;
}

}  // namespace sluice::commands
