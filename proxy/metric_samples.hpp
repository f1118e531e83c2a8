// SPDX-License-Identifier: Apache-2.0
// The samples of one metric while they are being collected.
#pragma once

#include <array>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <prometheus/client_metric.h>

#include "kubernetes/admission_metrics.hpp"
#include "proxy/metrics.hpp"

namespace sluice::proxy {

/// The histograms of several workers, added up.
class HistogramSum {
 public:
  void add(const Histogram& histogram);
  void add(const kubernetes::AdmissionDurations& durations);
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] prometheus::ClientMetric::Histogram to_prometheus() const;

 private:
  std::array<std::uint64_t, Histogram::bounded_buckets + 1> buckets_{};
  std::uint64_t sum_nanoseconds_ = 0;
};

/// Label values come in the order of MetricDefinition::labels. Whatever is in them, what gets out
/// is valid UTF-8 without control characters: one bad label would make Prometheus refuse the page.
class MetricSamples {
 public:
  using LabelValues = std::initializer_list<std::string_view>;

  explicit MetricSamples(const MetricDefinition& definition) : definition_(definition) {}

  void add(LabelValues labels, double value);
  void add(LabelValues labels, std::uint64_t value) { add(labels, static_cast<double>(value)); }
  void add(LabelValues labels, const HistogramSum& sum);
  /// Leaves the sample out when it is zero: for labels that come from policies, of which there are
  /// many and most stay unused.
  void add_unless_zero(LabelValues labels, std::uint64_t value) {
    if (value > 0) add(labels, value);
  }

  [[nodiscard]] std::vector<prometheus::ClientMetric> take() { return std::move(samples_); }

 private:
  prometheus::ClientMetric& append(LabelValues labels);

  const MetricDefinition& definition_;
  std::vector<prometheus::ClientMetric> samples_;
};

}  // namespace sluice::proxy
