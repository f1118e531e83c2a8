// SPDX-License-Identifier: Apache-2.0
#include "proxy/metric_samples.hpp"

#include <cassert>
#include <limits>
#include <numeric>

#include "proxy/log_text.hpp"

namespace sluice::proxy {
namespace {

/// Kubernetes names are shorter by far (two of 253 octets); names from elsewhere are cut here.
constexpr std::size_t max_label_size = 512;

double to_seconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

}  // namespace

void HistogramSum::add(const Histogram& histogram) {
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    buckets_[i] += histogram.bucket(i);
  sum_nanoseconds_ += histogram.sum_nanoseconds();
}

void HistogramSum::add(const kubernetes::AdmissionDurations& durations) {
  static_assert(kubernetes::AdmissionDurations::bounded_buckets == Histogram::bounded_buckets);
  static_assert(kubernetes::AdmissionDurations::first_bound == Histogram::first_bound);
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    buckets_[i] += durations.buckets[i];
  sum_nanoseconds_ += static_cast<std::uint64_t>(durations.sum.count());
}

std::uint64_t HistogramSum::count() const {
  return std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0});
}

prometheus::ClientMetric::Histogram HistogramSum::to_prometheus() const {
  prometheus::ClientMetric::Histogram result;
  auto bound = Histogram::first_bound;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < Histogram::bounded_buckets; ++i, bound *= 2) {
    cumulative += buckets_[i];
    result.bucket.push_back({cumulative, to_seconds(static_cast<std::uint64_t>(bound.count()))});
  }
  result.sample_count = cumulative + buckets_.back();
  result.bucket.push_back({result.sample_count, std::numeric_limits<double>::infinity()});
  result.sample_sum = to_seconds(sum_nanoseconds_);
  return result;
}

void MetricSamples::add(LabelValues labels, double value) {
  prometheus::ClientMetric& sample = append(labels);
  if (definition_.type == prometheus::MetricType::Counter)
    sample.counter.value = value;
  else
    sample.gauge.value = value;
}

void MetricSamples::add(LabelValues labels, const HistogramSum& sum) {
  append(labels).histogram = sum.to_prometheus();
}

prometheus::ClientMetric& MetricSamples::append(LabelValues labels) {
  assert(labels.size() == definition_.labels.size());
  prometheus::ClientMetric& sample = samples_.emplace_back();
  auto name = definition_.labels.begin();
  for (const std::string_view value : labels)
    sample.label.push_back({std::string(*name++), log::escape(value, max_label_size)});
  return sample;
}

}  // namespace sluice::proxy
