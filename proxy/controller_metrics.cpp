// SPDX-License-Identifier: Apache-2.0
#include "proxy/controller_metrics.hpp"

#include <array>
#include <chrono>
#include <vector>

#include <prometheus/text_serializer.h>

#include "proxy/metric_samples.hpp"
#include "proxy/version.hpp"

namespace sluice::proxy {
namespace {

using prometheus::MetricType;

MetricDefinition define(std::string_view name, std::string_view help, MetricType type,
                        std::vector<std::string_view> labels = {}) {
  return {name, help, type, std::move(labels), nullptr};
}

void admission_requests(const ControllerState& state, MetricSamples& samples) {
  if (!state.webhook) return;
  for (const auto& [labels, count] : state.webhook->requests)
    samples.add({labels.kind, labels.operation, labels.allowed ? "true" : "false", labels.reason},
                count);
}

void admission_duration(const ControllerState& state, MetricSamples& samples) {
  if (!state.webhook) return;
  HistogramSum sum;
  sum.add(state.webhook->durations);
  samples.add({}, sum);
}

void certificate_expiry(const ControllerState& state, MetricSamples& samples) {
  if (!state.webhook) return;
  const auto not_after = state.webhook->certificate_not_after.time_since_epoch();
  samples.add({}, std::chrono::duration<double>(not_after).count());
}

const std::array table = {
    ControllerMetric{define("sluice_controller_leader",
                            "Whether this controller is the one that writes.", MetricType::Gauge),
                     [](const ControllerState& state, MetricSamples& samples) {
                       samples.add({}, state.is_leader ? 1.0 : 0.0);
                     }},
    ControllerMetric{define("sluice_controller_status_writes_total",
                            "Statuses that were to be written, by what came of it: written, gone "
                            "(the object), conflict or failed.",
                            MetricType::Counter, {"result"}),
                     [](const ControllerState& state, MetricSamples& samples) {
                       samples.add({"written"}, state.writes.written);
                       samples.add({"gone"}, state.writes.gone);
                       samples.add({"conflict"}, state.writes.conflicts);
                       samples.add({"failed"}, state.writes.failed);
                     }},
    ControllerMetric{define("sluice_controller_events_total",
                            "Events that were to be written, by what came of it.",
                            MetricType::Counter, {"result"}),
                     [](const ControllerState& state, MetricSamples& samples) {
                       samples.add({"written"}, state.writes.events_written);
                       samples.add({"failed"}, state.writes.events_failed);
                     }},
    ControllerMetric{define("sluice_controller_pending_writes",
                            "Statuses that wait for their turn.", MetricType::Gauge),
                     [](const ControllerState& state, MetricSamples& samples) {
                       samples.add({}, state.pending);
                     }},
    ControllerMetric{define("sluice_controller_objects",
                            "Policy objects and namespaces that are right.", MetricType::Gauge),
                     [](const ControllerState& state, MetricSamples& samples) {
                       samples.add({}, state.objects);
                     }},
    ControllerMetric{define("sluice_controller_invalid_objects",
                            "Policy objects that are wrong as they are now.", MetricType::Gauge),
                     [](const ControllerState& state, MetricSamples& samples) {
                       samples.add({}, state.invalid_objects);
                     }},
    ControllerMetric{
        define("sluice_controller_loads_total", "How often all objects were judged.",
               MetricType::Counter),
        [](const ControllerState& state, MetricSamples& samples) { samples.add({}, state.loads); }},
    ControllerMetric{
        define("sluice_controller_nodes", "Nodes whose agents say which policies they serve.",
               MetricType::Gauge),
        [](const ControllerState& state, MetricSamples& samples) { samples.add({}, state.nodes); }},
    ControllerMetric{
        define("sluice_controller_nodes_outdated",
               "Nodes that have not said yet that they serve the newest version of everything.",
               MetricType::Gauge),
        [](const ControllerState& state, MetricSamples& samples) {
          samples.add({}, state.outdated_nodes);
        }},
    ControllerMetric{
        define("sluice_admission_requests_total",
               "Objects that API servers asked about, by what they were told. `reason` is empty "
               "where they were allowed.",
               MetricType::Counter, {"kind", "operation", "allowed", "reason"}),
        admission_requests},
    ControllerMetric{define("sluice_admission_duration_seconds",
                            "From a request's header to its answer.", MetricType::Histogram),
                     admission_duration},
    ControllerMetric{define("sluice_webhook_certificate_not_after_seconds",
                            "When the webhook's certificate expires, in Unix time; 0 while there "
                            "is none.",
                            MetricType::Gauge),
                     certificate_expiry},
    ControllerMetric{define("sluice_build_info", "Always 1; the version is in the label.",
                            MetricType::Gauge, {"version"}),
                     [](const ControllerState& /*unused*/, MetricSamples& samples) {
                       samples.add({version}, 1.0);
                     }},
};

}  // namespace

std::span<const ControllerMetric> controller_metric_table() {
  return table;
}

std::string controller_metrics_text(const ControllerState& state) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& [definition, emit] : table) {
    MetricSamples samples(definition);
    emit(state, samples);
    families.push_back({std::string(definition.name), std::string(definition.help), definition.type,
                        samples.take()});
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace sluice::proxy
