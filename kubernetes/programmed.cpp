// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/programmed.hpp"

#include <algorithm>
#include <array>

namespace sluice::kubernetes {
namespace {

constexpr std::array kinds = {"DNSFilter", "ClusterDNSFilter", "DNSUpstream"};
/// A node that is gone says nothing any more, and counts for as long as this.
constexpr std::chrono::seconds patience = report_duration;

std::vector<Condition>::iterator find(ObjectStatus& status, const char* type) {
  return std::ranges::find(status.conditions, type, &Condition::type);
}

/// No numbers in messages: each that changes would be a write for each object.
Condition refused(const NodeProgress& progress) {
  std::string names;
  for (const std::string& node : progress.failed_nodes)
    names += (names.empty() ? "" : ", ") + node;
  if (progress.failed > progress.failed_nodes.size()) names += " and others";
  return {"Programmed", "False", "NodeErrors",
          "Not obeyed by " + names + "; the log of the agent there says why"};
}

bool was_programmed(const Object& object, std::int64_t generation) {
  return has_condition(status_of(object), "Programmed", "True", generation);
}

Condition programmed(const NodeProgress& progress, const Object& object, TimePoint now,
                     std::int64_t generation) {
  if (progress.failed > 0) return refused(progress);
  if (progress.updated == progress.desired || was_programmed(object, generation))
    return {"Programmed", "True", "Programmed", "Every node that reports serves this version"};
  if (now < progress.since + patience)
    return {"Programmed", "Unknown", "Pending", "Nodes are taking this version over"};
  return {"Programmed", "False", "NodesOutdated",
          "Not all nodes serve this version, although they report; see the metric "
          "sluice_controller_nodes_outdated, and the agents' logs"};
}

/// Ready sums up what comes before it.
void sum_up(const Condition& programmed, Condition& ready) {
  if (ready.status != "True" || programmed.status == "True") return;
  ready.status = programmed.status;
  ready.reason = programmed.reason;
  ready.message = programmed.message;
}

}  // namespace

bool has_nodes(const std::string& kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

void add_progress(const NodeProgress& progress, const Object& object, TimePoint now,
                  ObjectStatus& status) {
  const auto accepted = find(status, "Accepted");
  const auto ready = find(status, "Ready");
  if (progress.desired == 0 || accepted == status.conditions.end() || accepted->status != "True" ||
      ready == status.conditions.end())
    return;
  const Condition condition = programmed(progress, object, now, status.generation);
  sum_up(condition, *ready);
  status.conditions.insert(ready, condition);
  status.counts["nodes"] = {
      {"desired", progress.desired},
      {"updated", progress.updated},
      {"failed", progress.failed},
      {"summary", std::to_string(progress.updated) + '/' + std::to_string(progress.desired)}};
}

}  // namespace sluice::kubernetes
