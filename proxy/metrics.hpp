// SPDX-License-Identifier: Apache-2.0
// All metrics, in one table: name, help, type, labels, and the function that emits the samples.
// What /metrics shows and what docs/metrics.md says is made from it. Names are CoreDNS's where it
// has them, so that dashboards fit. No label is ever made of a query name or a client address.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/metric_type.h>

#include "proxy/counters.hpp"
#include "proxy/decision_registry.hpp"
#include "proxy/process_status.hpp"
#include "proxy/tenant_registry.hpp"
#include "proxy/upstream_registry.hpp"

namespace sluice::proxy {

class MetricSamples;

/// Where the values come from. Everything here must outlive whoever scrapes.
struct MetricSources {
  std::vector<const WorkerCounters*> workers;
  const UpstreamRegistry& upstreams;
  const TenantRegistry& tenants;
  const DecisionRegistry& decisions;
  const ProcessStatus& status;
};

struct MetricDefinition {
  std::string_view name;
  std::string_view help;
  prometheus::MetricType type;
  std::vector<std::string_view> labels;
  void (*emit)(const MetricSources& sources, MetricSamples& samples);
};

/// In the order in which they are shown.
std::span<const MetricDefinition> metric_table();

/// docs/metrics.md.
std::string metrics_markdown();

}  // namespace sluice::proxy
