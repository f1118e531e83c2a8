// SPDX-License-Identifier: Apache-2.0
// What a node says of itself: which policies it serves. It stands in a Lease of the node, because
// that is what API servers are made to take from thousands of nodes again and again.
//
//   metadata: {name: sluice-node-NODE, labels: {sluice.dev/report: node}}
//   spec: {holderIdentity: NODE, leaseDurationSeconds: 300, renewTime: ...}
//   annotations:
//     sluice.dev/in-force: '{"DNSFilter": "REVISION", ...}'
//     sluice.dev/refused: '["DNSTenant geo"]'
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "kubernetes/object.hpp"
#include "kubernetes/resource.hpp"
#include "kubernetes/revision.hpp"

namespace sluice::kubernetes {

/// How long a node counts that says nothing. It says something every two minutes.
inline constexpr std::chrono::seconds report_duration{300};
inline constexpr std::chrono::seconds report_renewal{120};

struct NodeReport {
  Revisions in_force;
  /// Objects that this node has and does not serve as they are written, by their source_path(). A
  /// node says so of the first fifty.
  std::set<std::string> refused;
  bool operator==(const NodeReport&) const = default;
};

/// Who reports.
struct NodeIdentity {
  std::string node;
  std::string namespace_name;  ///< of the Lease
  /// The pod whose end is the Lease's too, if both are known.
  std::string pod_name = {};
  std::string pod_uid = {};
};

/// Where to PATCH it, as application/apply-patch+yaml: made if it is not there.
std::string report_target(const NodeIdentity& identity);
std::string report_body(const NodeIdentity& identity, const NodeReport& report,
                        std::chrono::system_clock::time_point now);

/// What a controller knows of a node.
struct ReportedNode {
  std::string node;
  NodeReport report;
  std::chrono::system_clock::time_point renewed;  ///< by the node's clock
};

/// All reports in a namespace.
Resource report_resource(const std::string& namespace_name);
/// Nothing when the Lease is no report.
std::optional<ReportedNode> read_report(const Object& lease);

}  // namespace sluice::kubernetes
