// SPDX-License-Identifier: Apache-2.0
#include "proxy/collector.hpp"

#include <prometheus/text_serializer.h>

#include "proxy/metric_samples.hpp"

namespace sluice::proxy {

std::vector<prometheus::MetricFamily> Collector::Collect() const {
  std::vector<prometheus::MetricFamily> families;
  for (const MetricDefinition& definition : metric_table()) {
    MetricSamples samples(definition);
    definition.emit(sources_, samples);
    auto taken = samples.take();
    if (taken.empty()) continue;
    families.push_back({std::string(definition.name), std::string(definition.help), definition.type,
                        std::move(taken)});
  }
  return families;
}

std::string Collector::text() const {
  return prometheus::TextSerializer().Serialize(Collect());
}

}  // namespace sluice::proxy
