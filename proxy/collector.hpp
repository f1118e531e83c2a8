// SPDX-License-Identifier: Apache-2.0
// Turns the counters of all workers into what Prometheus scrapes.
#pragma once

#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "proxy/metrics.hpp"

namespace sluice::proxy {

/// Adds up at scrape time; workers are never made to wait. Any thread.
class Collector final : public prometheus::Collectable {
 public:
  explicit Collector(MetricSources sources) : sources_(std::move(sources)) {}

  /// Metrics of the table that have samples, in its order.
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;
  /// The same in Prometheus's text format: the body of /metrics.
  [[nodiscard]] std::string text() const;

 private:
  MetricSources sources_;
};

}  // namespace sluice::proxy
