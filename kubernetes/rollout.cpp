// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/rollout.hpp"

#include <algorithm>

#include "kubernetes/policy_kinds.hpp"

namespace sluice::kubernetes {
namespace {

constexpr std::size_t max_nodes_named = 3;

/// Of a node that was seen before somebody looked: as old as its own clock says.
TimePoint end_of(const ReportedNode& reported, TimePoint now,
                 std::chrono::system_clock::time_point wall) {
  const auto age = std::clamp<std::chrono::system_clock::duration>(
      wall - reported.renewed, std::chrono::seconds(0), report_duration);
  return now + std::chrono::duration_cast<TimePoint::duration>(report_duration - age);
}

}  // namespace

void Rollout::remember(Kind& kind) {
  const auto [known, is_new] = kind.states.insert_or_assign(kind.revision, ++kind.state);
  if (!is_new) return;
  kind.order.push_back(kind.revision);
  if (kind.order.size() <= max_states) return;
  kind.states.erase(kind.order.front());
  kind.order.pop_front();
}

void Rollout::take_policies(const ObjectType& type, const Changes& changes, TimePoint now) {
  if (!is_policy_kind(type.kind)) return;
  Kind& kind = kinds_[type.kind];
  if (kind.order.empty()) remember(kind);
  for (const Change& change : changes) {
    const Revision before = kind.revision;
    apply(change, kind.revision);
    if (kind.revision == before) continue;
    remember(kind);
    const Name name{change.object->namespace_name, change.object->name};
    if (change.kind == ChangeKind::deleted)
      kind.since.erase(name);
    else
      kind.since.insert_or_assign(name, Since{kind.state, now});
  }
}

bool Rollout::take_reports(const Changes& changes, TimePoint now,
                           std::chrono::system_clock::time_point wall) {
  bool has_news = false;
  for (const Change& change : changes) {
    const std::string& lease = change.object->name;
    auto reported = read_report(*change.object);
    if (change.kind == ChangeKind::deleted || !reported) {
      has_news |= nodes_.erase(lease) > 0;
      continue;
    }
    // Of a change that was seen, only our own clock matters.
    const bool is_renewal = change.kind == ChangeKind::updated;
    const TimePoint end = is_renewal ? now + report_duration : end_of(*reported, now, wall);
    const auto known = nodes_.find(lease);
    if (end <= now) {
      has_news |= nodes_.erase(lease) > 0;
      continue;
    }
    has_news |= known == nodes_.end() || known->second.reported.report != reported->report;
    nodes_.insert_or_assign(lease, Node{*std::move(reported), end});
  }
  return has_news;
}

bool Rollout::expire(TimePoint now) {
  return std::erase_if(nodes_, [now](const auto& node) { return node.second.alive_until <= now; }) >
         0;
}

/// 0 when it is not known. Of a kind of which a node knows nothing, it has nothing.
std::uint64_t Rollout::state_of(const Node& node, const std::string& kind) const {
  const auto& in_force = node.reported.report.in_force;
  const auto revision = in_force.find(kind);
  const auto& states = kinds_.at(kind).states;
  const auto state = states.find(revision == in_force.end() ? Revision() : revision->second);
  return state == states.end() ? 0 : state->second;
}

Rollout::Count::Count(const Rollout& rollout) : rollout_(rollout), nodes_(rollout.nodes_.size()) {
  std::map<std::string, bool> is_behind;
  for (const auto& [kind, known] : rollout.kinds_) {
    auto& states = states_[kind];
    for (const auto& [lease, node] : rollout.nodes_) {
      states.push_back(rollout.state_of(node, kind));
      is_behind[lease] |= states.back() < known.state;
    }
    std::ranges::sort(states);
  }
  outdated_ = static_cast<std::size_t>(
      std::ranges::count_if(is_behind, [](const auto& node) { return node.second; }));
  for (const auto& [lease, node] : rollout.nodes_) {
    for (const std::string& path : node.reported.report.refused) {
      const std::string kind = path.substr(0, path.find(' '));
      if (!rollout.kinds_.contains(kind)) continue;
      refusals_[path].emplace_back(node.reported.node, rollout.state_of(node, kind));
    }
  }
}

NodeProgress Rollout::Count::of(const crds::ObjectKey& key) const {
  NodeProgress progress{.desired = nodes_};
  const auto kind = rollout_.kinds_.find(key.kind);
  if (kind == rollout_.kinds_.end()) return progress;
  const auto since = kind->second.since.find({key.namespace_name, key.name});
  if (since == kind->second.since.end()) return progress;
  progress.since = since->second.time;
  const auto& states = states_.at(key.kind);
  const auto first = std::ranges::lower_bound(states, since->second.state);
  progress.updated = static_cast<std::size_t>(states.end() - first);
  const auto refusals = refusals_.find(source_path(key));
  if (refusals == refusals_.end()) return progress;
  for (const auto& [node, state] : refusals->second) {
    if (state < since->second.state) continue;
    ++progress.failed;
    --progress.updated;
    if (progress.failed_nodes.size() < max_nodes_named) progress.failed_nodes.push_back(node);
  }
  return progress;
}

}  // namespace sluice::kubernetes
