// SPDX-License-Identifier: Apache-2.0
#include "proxy/metrics.hpp"

#include <fmt/format.h>

#include "proxy/controller_metrics.hpp"
#include "proxy/metric_emitters.hpp"

namespace sluice::proxy {
namespace {

using W = WorkerCounters;
using C = CacheCounters;
using U = UpstreamCounters;
using prometheus::MetricType;
constexpr auto counter = MetricType::Counter;
constexpr auto gauge = MetricType::Gauge;
constexpr auto histogram = MetricType::Histogram;

// clang-format off
const std::vector<MetricDefinition> table{
    {"sluice_dns_requests_total",
     "Queries that were attributed to a tenant.",
     counter, {"tenant", "proto"}, emit::tenant_requests},
    {"sluice_dns_responses_total",
     "Answers sent, by RCODE and by where the answer came from.",
     counter, {"tenant", "rcode", "source"}, emit::tenant_responses},
    {"sluice_dns_request_duration_seconds",
     "Time from a query's arrival to its answer.",
     histogram, {"tenant"}, emit::tenant_duration},
    {"sluice_filter_decisions_total",
     "Decisions of each rule; mode=audit changed no answer.",
     counter, {"tenant", "tier", "filter", "rule", "action", "mode"}, emit::decisions},

    {"sluice_dropped_messages_total",
     "Messages that got no answer.",
     counter, {"reason"}, emit::total_by<emit::drop_reasons, &W::dropped>},
    {"sluice_rejected_queries_total",
     "Queries answered with an error because of their form or sender.",
     counter, {"reason"}, emit::total_by<emit::reject_reasons, &W::rejected>},
    {"sluice_held_queries_total",
     "Queries that waited for the API server to tell whose their source address is.",
     counter, {"outcome"}, emit::total_by<emit::hold_outcomes, &W::held>},
    {"sluice_certificate_problems_total",
     "Queries whose client its certificate did not make known: it names no namespace, one that is"
     " unknown, or another than the address does.",
     counter, {"reason"}, emit::total_by<emit::certificate_problems, &W::certificate_problems>},
    {"sluice_limit_reached_total",
     "How often one of the limits in sluice.yaml was reached.",
     counter, {"limit"}, emit::total_by<emit::limits, &W::limited>},
    {"sluice_rate_limited_queries_total",
     "Queries refused because the tenant or pod had asked more than its DNSTenant allows.",
     counter, {"tenant"}, emit::tenant_rate_limited},
    {"sluice_query_log_dropped_total",
     "Lines of the query log that were lost because it could not be written fast enough.",
     counter, {}, emit::total<&W::query_log_dropped>},
    {"sluice_coalesced_queries_total",
     "Queries that waited for the answer to one already sent.",
     counter, {}, emit::total<&W::coalesced>},
    {"sluice_in_flight_queries",
     "Questions that wait for an upstream.",
     gauge, {}, emit::total<&W::in_flight>},
    {"sluice_open_connections",
     "Connections of clients.",
     gauge, {"proto"}, emit::total_by<protos, &W::connections>},
    {"sluice_accepted_connections_total",
     "Connections accepted from clients.",
     counter, {"proto"}, emit::total_by<protos, &W::accepted_connections>},
    {"sluice_tls_handshake_failures_total",
     "TLS handshakes with clients that failed.",
     counter, {}, emit::total<&W::tls_handshake_failures>},
    {"sluice_http_errors_total",
     "HTTP requests that were answered with this status and without a DNS message.",
     counter, {"code"}, emit::total_by<emit::http_errors, &W::http_errors>},

    {"sluice_cache_hits_total",
     "Queries answered from the cache.",
     counter, {}, emit::total<&W::cache, &C::hits>},
    {"sluice_cache_misses_total",
     "Queries that the cache had no answer for.",
     counter, {}, emit::total<&W::cache, &C::misses>},
    {"sluice_cache_served_stale_total",
     "Queries answered from the cache behind the answer's TTL.",
     counter, {}, emit::total<&W::cache, &C::stale_hits>},
    {"sluice_cache_insertions_total",
     "Answers put into the cache.",
     counter, {}, emit::total<&W::cache, &C::insertions>},
    {"sluice_cache_evictions_total",
     "Answers removed from the cache to make room.",
     counter, {}, emit::total<&W::cache, &C::evictions>},
    {"sluice_cache_entries",
     "Answers in the cache.",
     gauge, {}, emit::total<&W::cache, &C::entries>},
    {"sluice_cache_bytes",
     "Memory that the cached answers take.",
     gauge, {}, emit::total<&W::cache, &C::bytes>},

    {"sluice_upstream_request_duration_seconds",
     "Time from a forwarded query to its answer.",
     histogram, {"upstream"}, emit::upstream_duration},
    {"sluice_upstream_responses_total",
     "Answers that came from an upstream.",
     counter, {"upstream", "rcode"}, emit::by_upstream_and<emit::rcodes, &U::responses>},
    {"sluice_upstream_failures_total",
     "Queries that an upstream gave up on, after all retries.",
     counter, {"upstream", "reason"}, emit::by_upstream_and<emit::upstream_failures, &U::failures>},
    {"sluice_upstream_retries_total",
     "Queries sent again to another endpoint or connection.",
     counter, {"upstream"}, emit::by_upstream<&U::retries>},
    {"sluice_upstream_mismatched_answers_total",
     "Messages ignored because they answer no query of ours.",
     counter, {"upstream"}, emit::by_upstream<&U::mismatched_answers>},
    {"sluice_upstream_connections_opened_total",
     "Connections made to an upstream.",
     counter, {"upstream"}, emit::by_upstream<&U::connections_opened>},
    {"sluice_upstream_connections_failed_total",
     "Connections to an upstream that could not be made.",
     counter, {"upstream"}, emit::by_upstream<&U::connections_failed>},
    {"sluice_upstream_handshakes_resumed_total",
     "TLS handshakes with an upstream that resumed a session.",
     counter, {"upstream"}, emit::by_upstream<&U::handshakes_resumed>},
    {"sluice_upstream_open_connections",
     "Connections to an upstream.",
     gauge, {"upstream"}, emit::by_upstream<&U::open_connections>},

    {"sluice_policy_generation",
     "Number of the policy set in force; it grows with each that takes effect.",
     gauge, {}, emit::policy_generation},
    {"sluice_policy_objects",
     "Objects that make up the policy set in force.",
     gauge, {}, emit::policy_objects},
    {"sluice_policy_invalid_objects",
     "Objects refused when the policy set in force was loaded.",
     gauge, {}, emit::policy_invalid_objects},
    {"sluice_policy_last_success_timestamp_seconds",
     "Unix time at which policies last took effect.",
     gauge, {}, emit::policy_last_success},
    {"sluice_policy_reloads_total",
     "Loads of policies, the first one included; failure when any object was refused.",
     counter, {"result"}, emit::policy_reloads},
    {"sluice_node_reports_total",
     "How often the API server was told what is in force on this node: written or failed.",
     counter, {"result"}, emit::node_reports},

    {"sluice_list_entries",
     "Names and prefixes of a list, as of its last good version.",
     gauge, {"list"}, emit::list_entries},
    {"sluice_list_bad_lines",
     "Lines of a list that have no effect because they could not be read.",
     gauge, {"list"}, emit::list_bad_lines},
    {"sluice_list_memory_bytes",
     "Memory that a list takes, however many rules refer to it.",
     gauge, {"list"}, emit::list_memory},
    {"sluice_list_last_success_timestamp_seconds",
     "Unix time at which a list was last loaded or found unchanged.",
     gauge, {"list"}, emit::list_last_success},
    {"sluice_list_load_failures_total",
     "Attempts to load a list that failed; its last good version stayed in force.",
     counter, {"list"}, emit::list_load_failures},

    {"sluice_kubernetes_synced",
     "Whether all objects of a resource of the API server were seen; what was seen stays in force while it is away.",
     gauge, {"resource"}, emit::watch_synced},
    {"sluice_kubernetes_last_news_seconds",
     "Time since the API server last told the version of a resource, which it does about every minute.",
     gauge, {"resource"}, emit::watch_silence},
    {"sluice_kubernetes_lists_total",
     "Complete lists taken from the API server; each but the first of a resource is of a watch that could not go on.",
     counter, {"resource"}, emit::watch_lists},
    {"sluice_kubernetes_watches_total",
     "Watches begun; each ends after five to ten minutes.",
     counter, {"resource"}, emit::watches},
    {"sluice_kubernetes_events_total",
     "Changes of objects that watches told.",
     counter, {"resource"}, emit::watch_events},
    {"sluice_kubernetes_failures_total",
     "Requests to the API server that failed, by the kind of failure or the status.",
     counter, {"resource", "reason"}, emit::watch_failures},
    {"sluice_pods",
     "Pods whose addresses are known.",
     gauge, {}, emit::pods},
    {"sluice_contested_addresses",
     "Addresses that several running pods claim: queries from there are of nobody that is known.",
     gauge, {}, emit::contested_addresses},

    {"sluice_metrics_capped_total",
     "Tenants that got no series of their own because of metrics.maxTenants, at each load, and"
     " decisions of rules for which there was no room.",
     counter, {"kind"}, emit::capped},
    {"sluice_certificate_expiry_timestamp_seconds",
     "Unix time at which a listener's certificate expires.",
     gauge, {"listener"}, emit::certificate_expiry},
    {"sluice_build_info",
     "Always 1; the version is in the label.",
     gauge, {"version"}, emit::build_info},
};
// clang-format on

std::string_view type_name(MetricType type) {
  if (type == counter) return "counter";
  return type == gauge ? "gauge" : "histogram";
}

std::string label_list(const MetricDefinition& metric) {
  std::string list;
  for (const std::string_view label : metric.labels)
    list += fmt::format("{}`{}`", list.empty() ? "" : ", ", label);
  return list;
}

constexpr std::string_view markdown_head = R"(# Metrics

Served at `/metrics` of the admin address in Prometheus's text format. This page is made from the
table in `proxy/metrics.cpp`; a test compares them, and `SLUICE_UPDATE_DOCS=1` rewrites it.

- `tenant` is a `DNSTenant` or a namespace; `_unknown` are clients without identity, `_other` are
  all tenants beyond `metrics.maxTenants`.
- Series labelled `tenant` appear with their first query and end when a reload removes the tenant or
  the rule; those about policies, lists and certificates appear when the first is loaded. All others are
  there from the start.
- No label is made of a query name or a client address.
- Durations are in seconds, in CoreDNS's buckets: 0.00025 s doubled up to 8.192 s.

| metric | type | labels | meaning |
|---|---|---|---|
)";

constexpr std::string_view controller_head = R"(
## The controller

`sluice controller` serves these instead, from its table in `proxy/controller_metrics.cpp`.

| metric | type | labels | meaning |
|---|---|---|---|
)";

std::string markdown_row(const MetricDefinition& metric) {
  return fmt::format("| `{}` | {} | {} | {} |\n", metric.name, type_name(metric.type),
                     label_list(metric), metric.help);
}

}  // namespace

std::span<const MetricDefinition> metric_table() {
  return table;
}

std::string metrics_markdown() {
  std::string page(markdown_head);
  for (const MetricDefinition& metric : table)
    page += markdown_row(metric);
  page += controller_head;
  for (const ControllerMetric& metric : controller_metric_table())
    page += markdown_row(metric.definition);
  return page;
}

}  // namespace sluice::proxy
