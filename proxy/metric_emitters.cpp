// SPDX-License-Identifier: Apache-2.0
#include "proxy/metric_emitters.hpp"

namespace sluice::proxy::emit {
namespace {

constexpr std::array<std::string_view, 3> tiers{"admin", "tenant", "baseline"};
constexpr std::array<std::string_view, 2> modes{"enforce", "audit"};

double to_unix_seconds(SystemTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

/// The counters of one tenant in every worker that ever counted for it.
std::vector<const TenantCounters*> counters_of(const MetricSources& sources, std::uint32_t tenant) {
  std::vector<const TenantCounters*> counters;
  for (const WorkerCounters* worker : sources.workers)
    if (const TenantCounters* found = worker->tenants.find(tenant)) counters.push_back(found);
  return counters;
}

/// A sample of each resource of the API server.
template <typename Value>
void by_watch(const MetricSources& sources, MetricSamples& samples, Value value_of) {
  for (const auto& [resource, watch] : sources.status.values().watches)
    samples.add({resource}, value_of(watch));
}

/// A sample of each list that has a version in force.
template <typename Value>
void by_list(const MetricSources& sources, MetricSamples& samples, Value value_of) {
  for (const auto& [name, state] : sources.status.values().lists)
    if (state.is_available) samples.add({name}, value_of(state));
}

}  // namespace

std::vector<const UpstreamCounters*> upstream_counters(const MetricSources& sources,
                                                       std::size_t number) {
  std::vector<const UpstreamCounters*> counters;
  for (const WorkerCounters* worker : sources.workers)
    if (const UpstreamCounters* found = worker->upstreams.find(number)) counters.push_back(found);
  return counters;
}

void upstream_duration(const MetricSources& sources, MetricSamples& samples) {
  const auto names = sources.upstreams.names();
  for (std::size_t u = 0; u < names.size(); ++u) {
    HistogramSum sum;
    for (const UpstreamCounters* counters : upstream_counters(sources, u))
      sum.add(counters->duration);
    samples.add({names[u]}, sum);
  }
}

void tenant_requests(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [number, name] : sources.tenants.current()) {
    const auto workers = counters_of(sources, number);
    for (std::size_t proto = 0; proto < protos.size(); ++proto) {
      std::uint64_t sum = 0;
      for (const TenantCounters* counters : workers)
        sum += counters->requests.at(proto).value();
      samples.add_unless_zero({name, protos.at(proto)}, sum);
    }
  }
}

void tenant_responses(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [number, name] : sources.tenants.current()) {
    const auto workers = counters_of(sources, number);
    for (std::size_t i = 0; i < rcodes.size() * answer_sources.size(); ++i) {
      const std::size_t rcode = i % rcodes.size();
      const std::size_t source = i / rcodes.size();
      std::uint64_t sum = 0;
      for (const TenantCounters* counters : workers)
        sum += counters->responses.at(source).at(rcode).value();
      samples.add_unless_zero({name, rcodes.at(rcode), answer_sources.at(source)}, sum);
    }
  }
}

void tenant_rate_limited(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [number, name] : sources.tenants.current()) {
    std::uint64_t sum = 0;
    for (const TenantCounters* counters : counters_of(sources, number))
      sum += counters->rate_limited.value();
    samples.add_unless_zero({name}, sum);
  }
}

void tenant_duration(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [number, name] : sources.tenants.current()) {
    HistogramSum sum;
    for (const TenantCounters* counters : counters_of(sources, number))
      sum.add(counters->duration);
    if (sum.count() > 0) samples.add({name}, sum);
  }
}

void decisions(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [tenant, labels, value] : sources.decisions.counts())
    samples.add({tenant, tiers.at(static_cast<std::size_t>(labels.tier)), labels.filter,
                 labels.rule, word(labels.action), modes.at(static_cast<std::size_t>(labels.mode))},
                value);
}

void capped(const MetricSources& sources, MetricSamples& samples) {
  samples.add({"tenant"}, sources.tenants.capped());
  samples.add({"decision"}, sources.decisions.overflowed());
}

void policy_generation(const MetricSources& sources, MetricSamples& samples) {
  if (const auto policy = sources.status.values().policy) samples.add({}, policy->generation);
}

void policy_objects(const MetricSources& sources, MetricSamples& samples) {
  if (const auto policy = sources.status.values().policy) samples.add({}, policy->objects);
}

void policy_invalid_objects(const MetricSources& sources, MetricSamples& samples) {
  if (const auto policy = sources.status.values().policy) samples.add({}, policy->invalid_objects);
}

void policy_last_success(const MetricSources& sources, MetricSamples& samples) {
  if (const auto policy = sources.status.values().policy)
    samples.add({}, to_unix_seconds(policy->time));
}

void policy_reloads(const MetricSources& sources, MetricSamples& samples) {
  const auto values = sources.status.values();
  samples.add({"success"}, values.reloads_succeeded);
  samples.add({"failure"}, values.reloads_failed);
}

void node_reports(const MetricSources& sources, MetricSamples& samples) {
  const auto values = sources.status.values();
  samples.add({"written"}, values.reports_written);
  samples.add({"failed"}, values.reports_failed);
}

void list_entries(const MetricSources& sources, MetricSamples& samples) {
  by_list(sources, samples, [](const ListState& list) { return list.entries; });
}

void list_bad_lines(const MetricSources& sources, MetricSamples& samples) {
  by_list(sources, samples, [](const ListState& list) { return list.bad_lines; });
}

void list_memory(const MetricSources& sources, MetricSamples& samples) {
  by_list(sources, samples, [](const ListState& list) { return list.memory; });
}

void list_last_success(const MetricSources& sources, MetricSamples& samples) {
  by_list(sources, samples,
          [](const ListState& list) { return to_unix_seconds(list.last_success); });
}

void list_load_failures(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [name, state] : sources.status.values().lists)
    samples.add({name}, state.failures);
}

void watch_synced(const MetricSources& sources, MetricSamples& samples) {
  by_watch(sources, samples,
           [](const kubernetes::WatchReport& watch) { return watch.is_synced ? 1.0 : 0.0; });
}

void watch_silence(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [resource, watch] : sources.status.values().watches) {
    if (!watch.counters.last_news) continue;
    const auto silence = kubernetes::TimePoint::clock::now() - *watch.counters.last_news;
    samples.add({resource}, std::chrono::duration<double>(silence).count());
  }
}

void watch_lists(const MetricSources& sources, MetricSamples& samples) {
  by_watch(sources, samples,
           [](const kubernetes::WatchReport& watch) { return watch.counters.lists; });
}

void watches(const MetricSources& sources, MetricSamples& samples) {
  by_watch(sources, samples,
           [](const kubernetes::WatchReport& watch) { return watch.counters.watches; });
}

void watch_events(const MetricSources& sources, MetricSamples& samples) {
  by_watch(sources, samples,
           [](const kubernetes::WatchReport& watch) { return watch.counters.events; });
}

void watch_failures(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [resource, watch] : sources.status.values().watches) {
    for (const auto& [reason, count] : watch.counters.failures)
      samples.add({resource, reason}, count);
  }
}

void pods(const MetricSources& sources, MetricSamples& samples) {
  if (const auto pods = sources.status.values().pods) samples.add({}, pods->pods);
}

void contested_addresses(const MetricSources& sources, MetricSamples& samples) {
  if (const auto pods = sources.status.values().pods) samples.add({}, pods->contested);
}

void certificate_expiry(const MetricSources& sources, MetricSamples& samples) {
  for (const auto& [listener, expiry] : sources.status.values().certificate_expiry)
    samples.add({listener}, to_unix_seconds(expiry));
}

void build_info(const MetricSources& sources, MetricSamples& samples) {
  samples.add({sources.status.values().version}, 1.0);
}

}  // namespace sluice::proxy::emit
