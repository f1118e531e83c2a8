// SPDX-License-Identifier: Apache-2.0
// Functions for MetricDefinition::emit. Most metrics are a counter of WorkerCounters summed over
// the workers, so most emitters are made from the path of members that leads there. For
// metrics.cpp.
#pragma once

#include <array>
#include <string_view>

#include "proxy/metric_samples.hpp"
#include "proxy/words.hpp"

namespace sluice::proxy::emit {

inline constexpr std::array<std::string_view, rcode_slots> rcodes{
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "other"};
inline constexpr std::array<std::string_view, drop_reason_count> drop_reasons{
    "too_short", "not_a_query", "source_port", "send_failed", "closed"};
inline constexpr std::array<std::string_view, reject_reason_count> reject_reasons{
    "malformed", "opcode", "question_count", "class", "type", "version", "unknown_client"};
inline constexpr std::array<std::string_view, limit_reason_count> limits{"in_flight",
                                                                         "connections",
                                                                         "connections_per_client",
                                                                         "queries_per_connection",
                                                                         "query_timeout",
                                                                         "idle_timeout",
                                                                         "rate",
                                                                         "http_frames"};
inline constexpr std::array<std::string_view, http_error_codes.size()> http_errors{
    "400", "404", "405", "413", "415", "431"};
inline constexpr std::array<std::string_view, hold_outcome_count> hold_outcomes{"identified",
                                                                                "refused"};
inline constexpr std::array<std::string_view, filters::certificate_problem_count>
    certificate_problems{"no_namespace", "unknown_namespace", "conflict"};
inline constexpr std::array<std::string_view, upstream_failure_count> upstream_failures{
    "unreachable", "timed_out", "untrusted", "overloaded"};

/// Follows member pointers: resolve<&A::b, &B::c>(a) is a.b.c.
template <auto First, auto... Rest, typename Object>
const auto& resolve(const Object& object) {
  if constexpr (sizeof...(Rest) == 0)
    return object.*First;
  else
    return resolve<Rest...>(object.*First);
}

/// A counter or gauge of each worker, added up.
template <auto... Path>
void total(const MetricSources& sources, MetricSamples& samples) {
  std::uint64_t sum = 0;
  for (const WorkerCounters* worker : sources.workers)
    sum += resolve<Path...>(*worker).value();
  samples.add({}, sum);
}

/// An array of them, by the label that belongs to the index.
template <const auto& Labels, auto... Path>
void total_by(const MetricSources& sources, MetricSamples& samples) {
  for (std::size_t i = 0; i < Labels.size(); ++i) {
    std::uint64_t sum = 0;
    for (const WorkerCounters* worker : sources.workers)
      sum += resolve<Path...>(*worker).at(i).value();
    samples.add({Labels[i]}, sum);
  }
}

/// The counters of one upstream in every worker that ever used it.
std::vector<const UpstreamCounters*> upstream_counters(const MetricSources& sources,
                                                       std::size_t number);

/// A counter or gauge of each upstream.
template <auto Member>
void by_upstream(const MetricSources& sources, MetricSamples& samples) {
  const auto names = sources.upstreams.names();
  for (std::size_t u = 0; u < names.size(); ++u) {
    std::uint64_t sum = 0;
    for (const UpstreamCounters* counters : upstream_counters(sources, u))
      sum += (counters->*Member).value();
    samples.add({names[u]}, sum);
  }
}

/// An array of them of each upstream.
template <const auto& Labels, auto Member>
void by_upstream_and(const MetricSources& sources, MetricSamples& samples) {
  const auto names = sources.upstreams.names();
  for (std::size_t u = 0; u < names.size(); ++u)
    for (std::size_t i = 0; i < Labels.size(); ++i) {
      std::uint64_t sum = 0;
      for (const UpstreamCounters* counters : upstream_counters(sources, u))
        sum += (counters->*Member).at(i).value();
      samples.add({names[u], Labels[i]}, sum);
    }
}

void upstream_duration(const MetricSources& sources, MetricSamples& samples);
void tenant_requests(const MetricSources& sources, MetricSamples& samples);
void tenant_responses(const MetricSources& sources, MetricSamples& samples);
void tenant_rate_limited(const MetricSources& sources, MetricSamples& samples);
void tenant_duration(const MetricSources& sources, MetricSamples& samples);
void decisions(const MetricSources& sources, MetricSamples& samples);
void capped(const MetricSources& sources, MetricSamples& samples);
void policy_generation(const MetricSources& sources, MetricSamples& samples);
void policy_objects(const MetricSources& sources, MetricSamples& samples);
void policy_invalid_objects(const MetricSources& sources, MetricSamples& samples);
void policy_last_success(const MetricSources& sources, MetricSamples& samples);
void policy_reloads(const MetricSources& sources, MetricSamples& samples);
void node_reports(const MetricSources& sources, MetricSamples& samples);
void list_entries(const MetricSources& sources, MetricSamples& samples);
void list_bad_lines(const MetricSources& sources, MetricSamples& samples);
void list_memory(const MetricSources& sources, MetricSamples& samples);
void list_last_success(const MetricSources& sources, MetricSamples& samples);
void list_load_failures(const MetricSources& sources, MetricSamples& samples);
void watch_synced(const MetricSources& sources, MetricSamples& samples);
void watch_silence(const MetricSources& sources, MetricSamples& samples);
void watch_lists(const MetricSources& sources, MetricSamples& samples);
void watches(const MetricSources& sources, MetricSamples& samples);
void watch_events(const MetricSources& sources, MetricSamples& samples);
void watch_failures(const MetricSources& sources, MetricSamples& samples);
void pods(const MetricSources& sources, MetricSamples& samples);
void contested_addresses(const MetricSources& sources, MetricSamples& samples);
void certificate_expiry(const MetricSources& sources, MetricSamples& samples);
void build_info(const MetricSources& sources, MetricSamples& samples);

}  // namespace sluice::proxy::emit
