// SPDX-License-Identifier: Apache-2.0
#include "proxy/collector.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace sluice;
using namespace sluice::proxy;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture {
  TenantRegistry tenants{10};
  WorkerCounters first;
  WorkerCounters second;
  DecisionRegistry decisions{tenants, {&first, &second}};
  ProcessStatus status{"1.2.3"};
  UpstreamRegistry upstreams{make_settings()};
  Collector collector{{{&first, &second}, upstreams, tenants, decisions, status}};

  static config::Settings make_settings() {
    config::Settings settings;
    settings.upstreams.resize(2);
    settings.upstreams[0].name = "cluster";
    settings.upstreams[1].name = "internet";
    settings.default_upstream = "cluster";
    return settings;
  }

  /// The lines of the page that start with `prefix`.
  std::string lines(const std::string& prefix) const {
    std::istringstream page(collector.text());
    std::string found;
    for (std::string line; std::getline(page, line);)
      if (line.starts_with(prefix)) found += line + "\n";
    return found;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "counters of all workers are added up", "[proxy][metrics]") {
  first.cache.hits.add(3);
  second.cache.hits.add(4);
  first.in_flight.set(5);
  first.connections[static_cast<std::size_t>(Transport::tls)].set(6);
  second.dropped[static_cast<std::size_t>(DropReason::source_port)].add(2);
  CHECK(lines("sluice_cache_hits_total") == "sluice_cache_hits_total 7\n");
  CHECK(lines("sluice_in_flight_queries") == "sluice_in_flight_queries 5\n");
  CHECK(lines("sluice_open_connections{proto=\"tls\"}") ==
        "sluice_open_connections{proto=\"tls\"} 6\n");
  CHECK(lines("sluice_dropped_messages_total{reason=\"source_port\"}") ==
        "sluice_dropped_messages_total{reason=\"source_port\"} 2\n");
}

TEST_CASE_METHOD(Fixture, "fixed series are there before anything happened", "[proxy][metrics]") {
  CHECK(lines("sluice_limit_reached_total{limit=\"idle_timeout\"}") ==
        "sluice_limit_reached_total{limit=\"idle_timeout\"} 0\n");
  CHECK(lines("sluice_upstream_failures_total{upstream=\"internet\",reason=\"untrusted\"}") ==
        "sluice_upstream_failures_total{upstream=\"internet\",reason=\"untrusted\"} 0\n");
  CHECK(lines("sluice_policy_generation").empty());
}

TEST_CASE_METHOD(Fixture, "tenants that asked have series, others have none", "[proxy][metrics]") {
  const auto red = tenants.assign("red");
  tenants.assign("blue");
  auto& counters = first.tenants.at(red);
  counters.requests[static_cast<std::size_t>(Transport::udp)].add(2);
  counters.responses[static_cast<std::size_t>(AnswerSource::cache)][3].add(2);
  counters.duration.observe(1ms);
  second.tenants.at(red).requests[static_cast<std::size_t>(Transport::udp)].add(1);

  CHECK(lines("sluice_dns_requests_total{") ==
        "sluice_dns_requests_total{tenant=\"red\",proto=\"udp\"} 3\n");
  CHECK(lines("sluice_dns_responses_total{") ==
        "sluice_dns_responses_total{tenant=\"red\",rcode=\"NXDOMAIN\",source=\"cache\"} 2\n");
  CHECK(lines("sluice_dns_request_duration_seconds_count") ==
        "sluice_dns_request_duration_seconds_count{tenant=\"red\"} 1\n");
  CHECK_THAT(collector.text(), !ContainsSubstring("blue") && !ContainsSubstring("_unknown\""));
}

TEST_CASE_METHOD(Fixture, "watches of an API server tell how well they go", "[proxy][metrics]") {
  CHECK(lines("sluice_kubernetes_").empty());
  CHECK(lines("sluice_pods").empty());
  kubernetes::WatchReport pods{.is_synced = true, .counters = {.lists = 2, .watches = 3}};
  pods.counters.events = 7;
  pods.counters.failures["403"] = 4;
  pods.counters.last_news = kubernetes::TimePoint::clock::now();
  status.watches_changed({{"pods", pods}, {"dnsfilters", {}}});
  status.pods_changed({.pods = 5, .contested = 1});
  CHECK(lines("sluice_kubernetes_synced") ==
        "sluice_kubernetes_synced{resource=\"dnsfilters\"} 0\n"
        "sluice_kubernetes_synced{resource=\"pods\"} 1\n");
  const std::string of_pods = "{resource=\"pods\"} ";
  CHECK_THAT(lines("sluice_kubernetes_"),
             ContainsSubstring("sluice_kubernetes_lists_total" + of_pods + "2\n") &&
                 ContainsSubstring("sluice_kubernetes_watches_total" + of_pods + "3\n") &&
                 ContainsSubstring("sluice_kubernetes_events_total" + of_pods + "7\n") &&
                 ContainsSubstring("sluice_kubernetes_last_news_seconds" + of_pods));
  CHECK(lines("sluice_kubernetes_failures") ==
        "sluice_kubernetes_failures_total{resource=\"pods\",reason=\"403\"} 4\n");
  CHECK(lines("sluice_pods") == "sluice_pods 5\n");
  CHECK(lines("sluice_contested_addresses") == "sluice_contested_addresses 1\n");
}

TEST_CASE_METHOD(Fixture, "clients without identity are a tenant of their own",
                 "[proxy][metrics]") {
  first.tenants.at(unknown_tenant).requests[0].add();
  CHECK(lines("sluice_dns_requests_total{") ==
        "sluice_dns_requests_total{tenant=\"_unknown\",proto=\"udp\"} 1\n");
}

TEST_CASE_METHOD(Fixture, "decisions carry all labels of their rule", "[proxy][metrics]") {
  filters::CompiledRule rule;
  rule.tier = filters::Tier::baseline;
  rule.filter = "platform";
  rule.name = "ads";
  rule.action = filters::Action::rewrite;
  rule.mode = filters::EnforcementMode::audit;
  const std::vector<const filters::CompiledRule*> rules{&rule};
  first.decisions.at(decisions.block("red", rules)).add(9);
  CHECK(lines("sluice_filter_decisions_total{") ==
        "sluice_filter_decisions_total{tenant=\"red\",tier=\"baseline\",filter=\"platform\","
        "rule=\"ads\",action=\"rewrite\",mode=\"audit\"} 9\n");
}

TEST_CASE_METHOD(Fixture, "the process speaks for itself", "[proxy][metrics]") {
  status.policy_loaded({6, 14, 0, SystemTime{}});
  status.policy_loaded({7, 12, 2, SystemTime(1'700'000'000s)});
  status.certificate_loaded("tls-853", SystemTime(1'800'000'000s));
  CHECK(lines("sluice_policy_") ==
        "sluice_policy_generation 7\n"
        "sluice_policy_objects 12\n"
        "sluice_policy_invalid_objects 2\n"
        "sluice_policy_last_success_timestamp_seconds 1700000000\n"
        "sluice_policy_reloads_total{result=\"success\"} 1\n"
        "sluice_policy_reloads_total{result=\"failure\"} 1\n");
  CHECK(lines("sluice_certificate_expiry") ==
        "sluice_certificate_expiry_timestamp_seconds{listener=\"tls-853\"} 1800000000\n");
  CHECK(lines("sluice_build_info") == "sluice_build_info{version=\"1.2.3\"} 1\n");
}

TEST_CASE_METHOD(Fixture, "upstreams are told apart", "[proxy][metrics]") {
  first.upstreams.at(1).retries.add(2);
  second.upstreams.at(1).responses[rcode_slots - 1].add(1);
  second.upstreams.at(0).duration.observe(300us);
  CHECK(lines("sluice_upstream_retries_total") ==
        "sluice_upstream_retries_total{upstream=\"cluster\"} 0\n"
        "sluice_upstream_retries_total{upstream=\"internet\"} 2\n");
  CHECK(lines("sluice_upstream_responses_total{upstream=\"internet\",rcode=\"other\"}") ==
        "sluice_upstream_responses_total{upstream=\"internet\",rcode=\"other\"} 1\n");
  CHECK(lines("sluice_upstream_request_duration_seconds_bucket{upstream=\"cluster\",le=\"0.0005\"}")
            .ends_with(" 1\n"));
}

TEST_CASE_METHOD(Fixture, "a hostile name cannot break the page", "[proxy][metrics]") {
  const auto hostile = tenants.assign("a\"} 1\nsluice_forged 1\n\x1b[31m\xC0\\");
  first.tenants.at(hostile).requests[0].add();
  CHECK(lines("sluice_forged").empty());
  CHECK(lines("sluice_dns_requests_total{") ==
        "sluice_dns_requests_total{tenant=\"a\\\"} 1\\\\010sluice_forged 1\\\\010\\\\027[31m\\\\192"
        "\\\\\",proto=\"udp\"} 1\n");
}

TEST_CASE_METHOD(Fixture, "no series stands twice on the page", "[proxy][metrics]") {
  filters::CompiledRule rule;
  const std::vector<const filters::CompiledRule*> one{&rule};
  const std::vector<const filters::CompiledRule*> two{&rule, &rule};
  first.decisions.at(decisions.block("red", one)).add();
  first.decisions.at(decisions.block("red", two) + 1).add();
  status.policy_loaded({});
  std::istringstream page(collector.text());
  std::set<std::string> series;
  for (std::string line; std::getline(page, line);) {
    INFO(line);
    CHECK(series.insert(line.substr(0, line.rfind(' '))).second);
  }
}

TEST_CASE_METHOD(Fixture, "every metric of the table gets onto the page", "[proxy][metrics]") {
  filters::CompiledRule rule;
  const std::vector<const filters::CompiledRule*> rules{&rule};
  first.decisions.at(decisions.block("red", rules)).add();
  auto& tenant = first.tenants.at(tenants.assign("red"));
  tenant.requests[0].add();
  tenant.responses[0][0].add();
  tenant.duration.observe(1ms);
  tenant.rate_limited.add();
  status.policy_loaded({});
  status.certificate_loaded("tls", SystemTime{});
  ListState list;
  list.is_available = true;
  status.list_changed("ads", list);
  kubernetes::WatchReport watch;
  watch.counters.failures["403"] = 1;
  watch.counters.last_news = kubernetes::TimePoint::clock::now();
  status.watches_changed({{"pods", watch}});
  status.pods_changed({});
  CHECK(collector.Collect().size() == metric_table().size());
}

TEST_CASE_METHOD(Fixture, "a list has its values from its first good version on",
                 "[proxy][metrics]") {
  ListState state;
  state.failures = 2;
  status.list_changed("ads", state);
  CHECK(lines("sluice_list_entries").empty());
  CHECK(lines("sluice_list_load_failures_total") ==
        "sluice_list_load_failures_total{list=\"ads\"} 2\n");
  state.is_available = true;
  state.entries = 7;
  state.bad_lines = 1;
  state.memory = 80;
  state.last_success = SystemTime(5s);
  status.list_changed("shop/ads", state);
  CHECK(lines("sluice_list_entries") == "sluice_list_entries{list=\"shop/ads\"} 7\n");
  CHECK(lines("sluice_list_bad_lines") == "sluice_list_bad_lines{list=\"shop/ads\"} 1\n");
  CHECK(lines("sluice_list_memory_bytes") == "sluice_list_memory_bytes{list=\"shop/ads\"} 80\n");
  CHECK(lines("sluice_list_last_success_timestamp_seconds") ==
        "sluice_list_last_success_timestamp_seconds{list=\"shop/ads\"} 5\n");
}
