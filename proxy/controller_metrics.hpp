// SPDX-License-Identifier: Apache-2.0
// The controller's metrics, in one table as those of the agent (metrics.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "kubernetes/admission_metrics.hpp"
#include "proxy/metrics.hpp"
#include "proxy/status_writer.hpp"

namespace sluice::proxy {

/// What the metrics show.
struct ControllerState {
  bool is_leader = false;
  StatusWriterCounters writes;
  std::uint64_t pending = 0;                            ///< statuses that are to be written
  std::uint64_t objects = 0;                            ///< in force
  std::uint64_t invalid_objects = 0;                    ///< wrong as they are now
  std::uint64_t loads = 0;                              ///< of all policies
  std::uint64_t nodes = 0;                              ///< that say what they serve
  std::uint64_t outdated_nodes = 0;                     ///< of those, without what is newest
  std::optional<kubernetes::AdmissionMetrics> webhook;  ///< nothing: there is none
};

struct ControllerMetric {
  MetricDefinition definition;  ///< without `emit`
  void (*emit)(const ControllerState& state, MetricSamples& samples);
};

/// In the order in which they are shown.
std::span<const ControllerMetric> controller_metric_table();

/// The page /metrics.
std::string controller_metrics_text(const ControllerState& state);

}  // namespace sluice::proxy
