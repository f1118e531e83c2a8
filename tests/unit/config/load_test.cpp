// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "config/document.hpp"
#include "tests/unit/config/bad_settings.hpp"

using namespace sluice::config;
using namespace std::chrono_literals;

namespace {

const std::vector<BadCase> bad_settings = {
    {"a misspelt key", "worker: 2\n", {":4: unknown key `worker`; did you mean `workers`?"}},
    {"a key of another program",
     "forward: 10.0.0.1\n",
     {":4: unknown key `forward`; expected workers, clusterDomain, clusterCIDRs, listeners, "
      "upstreams, defaultUpstream, identity, policies, kubernetes, lists, caBundles, cache, "
      "limits, log, "
      "admin, metrics "
      "or "
      "drainTimeout"}},
    {"an empty key",
     "\"\": 1\n",
     {":4: unknown key ``; expected workers, clusterDomain, clusterCIDRs, listeners, upstreams, "
      "defaultUpstream, identity, policies, kubernetes, lists, caBundles, cache, limits, log, "
      "admin, metrics "
      "or "
      "drainTimeout"}},
    {"a key with control characters",
     "\"a\\nb\": 1\n",
     {":4: unknown key `a\\x0Ab`; expected workers, clusterDomain, clusterCIDRs, listeners, "
      "upstreams, defaultUpstream, identity, policies, kubernetes, lists, caBundles, cache, "
      "limits, log, "
      "admin, metrics "
      "or "
      "drainTimeout"}},
    {"workers that are a word",
     "workers: two\n",
     {":4: workers: expected a whole number from 0 to 1024, found the string 'two'"}},
    {"workers in quotes",
     "workers: '2'\n",
     {":4: workers: expected a whole number from 0 to 1024, found the string '2'"}},
    {"negative workers",
     "workers: -1\n",
     {":4: workers: expected a whole number from 0 to 1024, found the number -1"}},
    {"workers with a fraction",
     "workers: 1.5\n",
     {":4: workers: expected a whole number from 0 to 1024, found the number 1.5"}},
    {"too many workers",
     "workers: 1025\n",
     {":4: workers: expected a whole number from 0 to 1024, found the number 1025"}},
    {"workers beyond any integer",
     "workers: 99999999999999999999\n",
     {":4: workers: expected a whole number from 0 to 1024, found the number "
      "99999999999999999999"}},
    {"workers that are a list",
     "workers: [1]\n",
     {":4: workers: expected a whole number from 0 to 1024, found a list"}},
    {"a cluster domain that is none",
     "clusterDomain: 'cluster local'\n",
     {":4: clusterDomain: expected a domain name, found the string 'cluster local'"}},
    {"a cluster domain with an empty label",
     "clusterDomain: cluster..local\n",
     {":4: clusterDomain: expected a domain name, found the string 'cluster..local'"}},
    {"a cluster domain with a long label",
     "clusterDomain: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.local\n",
     {":4: clusterDomain: expected a domain name, found the string "
      "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'"}},
    {"cluster CIDRs that are no list",
     "clusterCIDRs: 10.0.0.0/8\n",
     {":4: clusterCIDRs: expected a list, found the string '10.0.0.0/8'"}},
    {"a cluster CIDR that is no string",
     "clusterCIDRs: [10.0.0.0/8, 10]\n",
     {":4: clusterCIDRs[1]: expected a CIDR such as 10.0.0.0/8, found the number 10"}},
    {"an empty section", "cache:\n", {":4: cache: expected a mapping, found nothing"}},
    {"a section that is a list", "cache: []\n", {":4: cache: expected a mapping, found a list"}},
    {"a size with an unknown unit",
     "cache: {maxBytes: 64MiB}\n",
     {":4: cache.maxBytes: expected a size (1048576, 10M, 64Mi) from 0 to 1Ti, found the string "
      "'64MiB'"}},
    {"a size beyond the range",
     "cache: {maxBytes: 2Ti}\n",
     {":4: cache.maxBytes: expected a size (1048576, 10M, 64Mi) from 0 to 1Ti, found the string "
      "'2Ti'"}},
    {"a duration without a unit",
     "cache: {serveStale: 3600}\n",
     {":4: cache.serveStale: expected a duration in whole seconds with a unit (10s, 5m, 1h) from "
      "0s to 168h, found the number 3600"}},
    {"a duration that is not whole seconds",
     "cache: {serveStale: 1500ms}\n",
     {":4: cache.serveStale: expected a duration in whole seconds with a unit (10s, 5m, 1h) from "
      "0s to 168h, found the string '1500ms'"}},
    {"a duration below the range",
     "cache: {maxTTL: 0s}\n",
     {":4: cache.maxTTL: expected a duration in whole seconds with a unit (10s, 5m, 1h) from 1s to "
      "168h, found the string '0s'"}},
    {"a duration above the range",
     "limits: {queryTimeout: 2m}\n",
     {":4: limits.queryTimeout: expected a duration with a unit (500ms, 10s, 5m, 1h) from 100ms to "
      "1m, found the string '2m'"}},
    {"a drain without a unit",
     "drainTimeout: 5\n",
     {":4: drainTimeout: expected a duration with a unit (500ms, 10s, 5m, 1h) from 0s to 10m, "
      "found the number 5"}},
    {"a payload below what DNS guarantees",
     "limits: {maxUdpPayload: 511}\n",
     {":4: limits.maxUdpPayload: expected a whole number from 512 to 4096, found the number 511"}},
    {"a payload that fragments",
     "limits: {maxUdpPayload: 4097}\n",
     {":4: limits.maxUdpPayload: expected a whole number from 512 to 4096, found the number 4097"}},
    {"no connections",
     "limits: {maxConnections: 0}\n",
     {":4: limits.maxConnections: expected a whole number from 1 to 1000000, found the number 0"}},
    {"a log level in capitals",
     "log: {level: INFO}\n",
     {":4: log.level: expected debug, info, warn or error, found the string 'INFO'"}},
    {"a log format that is none",
     "log: {format: xml}\n",
     {":4: log.format: expected json or text, found the string 'xml'"}},
    {"an admin host name",
     "admin: {address: localhost}\n",
     {":4: admin.address: expected an IP address without brackets or port, found the string "
      "'localhost'"}},
    {"an admin address with a port",
     "admin: {address: \"127.0.0.1:9153\"}\n",
     {":4: admin.address: expected an IP address without brackets or port, found the string "
      "'127.0.0.1:9153'"}},
    {"an admin address with something behind NUL",
     "admin: {address: \"127.0.0.1\\0x\"}\n",
     {":4: admin.address: expected an IP address without brackets or port, found the string "
      "'127.0.0.1\\x00x'"}},
    {"an admin port beyond the range",
     "admin: {port: 65536}\n",
     {":4: admin.port: expected a whole number from 0 to 65535, found the number 65536"}},
    {"no tenants in metrics",
     "metrics: {maxTenants: 0}\n",
     {":4: metrics.maxTenants: expected a whole number from 1 to 100000, found the number 0"}},
    {"an unknown client policy that is not there yet",
     "identity: {unknownClient: Allow}\n",
     {":4: identity.unknownClient: expected Refuse, Baseline or Hold, found the string 'Allow'"}},
    {"waiting for what nobody will tell",
     "identity: {unknownClient: Hold}\n",
     {":4: identity.unknownClient: 'Hold' waits for what an API server tells, and there is none "
      "without `kubernetes`; expected Refuse or Baseline"}},
    {"a static entry without anything",
     "identity: {static: [{}]}\n",
     {":4: identity.static[0].namespace: is missing; expected a namespace's name (up to 63 "
      "lower-case letters, digits and '-')"}},
    {"a namespace in capitals",
     "identity: {static: [{namespace: Shop, cidrs: [10.0.0.0/8]}]}\n",
     {":4: identity.static[0].namespace: expected a namespace's name (up to 63 lower-case letters, "
      "digits and '-'), found the string 'Shop'"}},
    {"a namespace that is a number",
     "identity: {static: [{namespace: 7, cidrs: [10.0.0.0/8]}]}\n",
     {":4: identity.static[0].namespace: expected a namespace's name (up to 63 lower-case letters, "
      "digits and '-'), found the number 7"}},
    {"a label that is a boolean",
     "identity: {static: [{namespace: shop, cidrs: [10.0.0.0/8], labels: {a: true}}]}\n",
     {":4: identity.static[0].labels.a: expected a string, found the boolean true"}},
    {"labels that are a list",
     "identity: {static: [{namespace: shop, cidrs: [10.0.0.0/8], labels: [a]}]}\n",
     {":4: identity.static[0].labels: expected a mapping of strings, found a list"}},
    {"static entries that are no list",
     "identity: {static: {namespace: shop}}\n",
     {":4: identity.static: expected a list of mappings, found a mapping"}},
    {"the same key twice",
     "workers: 1\nworkers: 2\n",
     {":5: the key 'workers' stands twice in the same mapping"}},
    {"two documents",
     "---\nworkers: 1\n",
     {":5: a second document; settings are a single one, and policies stand in the files of "
      "policies.directory"}},
    {"several problems at once",
     "cache: {maxBites: 1, serveStale: 1}\nlog: {level: loud}\n",
     {":4: cache: unknown key `maxBites`; did you mean `maxBytes`?",
      ":4: cache.serveStale: expected a duration in whole seconds with a unit (10s, 5m, 1h) from "
      "0s to 168h, found the number 1",
      ":5: log.level: expected debug, info, warn or error, found the string 'loud'"}},
};

const std::vector<BadCase> bad_listeners = {
    {"no listeners at all",
     "",
     {": listeners: is missing; expected a list of mappings, for example:\n  listeners:\n  - "
      "{protocol: UDP, address: 127.0.0.1, port: 53}"}},
    {"an empty list of listeners",
     "listeners: []\n",
     {":1: listeners: is empty; expected at least one entry, for example:\n  listeners:\n  - "
      "{protocol: UDP, address: 127.0.0.1, port: 53}"}},
    {"listeners that are a mapping",
     "listeners: {protocol: UDP}\n",
     {":1: listeners: expected a list of mappings, found a mapping"}},
    {"a listener that is a word",
     "listeners: [UDP]\n",
     {":1: listeners[0]: expected a mapping, found the string 'UDP'"}},
    {"a listener without protocol",
     "listeners: [{port: 53}]\n",
     {":1: listeners[0].protocol: is missing; expected UDP, TCP, TLS or HTTPS"}},
    {"a protocol that is not there yet",
     "listeners: [{protocol: QUIC}]\n",
     {":1: listeners[0].protocol: expected UDP, TCP, TLS or HTTPS, found the string 'QUIC'"}},
    {"a key that a listener does not have",
     "listeners: [{protocol: UDP, alpn: dot}]\n",
     {":1: listeners[0]: unknown key `alpn`; expected name, protocol, address, port, tls or path"}},
    {"a listener on a host name",
     "listeners: [{protocol: UDP, address: localhost}]\n",
     {":1: listeners[0].address: expected an IP address without brackets or port, found the string "
      "'localhost'"}},
    {"a listener with a short address",
     "listeners: [{protocol: UDP, address: '10.1'}]\n",
     {":1: listeners[0].address: expected an IP address without brackets or port, found the string "
      "'10.1'"}},
    {"a listener with brackets",
     "listeners: [{protocol: UDP, address: '[::1]'}]\n",
     {":1: listeners[0].address: expected an IP address without brackets or port, found the string "
      "'[::1]'"}},
    {"a negative port",
     "listeners: [{protocol: UDP, port: -1}]\n",
     {":1: listeners[0].port: expected a whole number from 0 to 65535, found the number -1"}},
    {"a port in quotes",
     "listeners: [{protocol: UDP, port: '53'}]\n",
     {":1: listeners[0].port: expected a whole number from 0 to 65535, found the string '53'"}},
    {"TLS without private key",
     "listeners: [{protocol: TLS, tls: {certificateFile: a}}]\n",
     {":1: listeners[0].tls.privateKeyFile: is missing; expected a path"}},
    {"TLS with an empty path",
     "listeners: [{protocol: TLS, tls: {certificateFile: a, privateKeyFile: ''}}]\n",
     {":1: listeners[0].tls.privateKeyFile: expected a path, found the string ''"}},
    {"a name with a space",
     "listeners: [{protocol: UDP, name: a b}]\n",
     {":1: listeners[0].name: expected a name of up to 63 letters, digits, '-', '_' and '.' that "
      "starts and ends with a letter or digit, found the string 'a b'"}},
};

const std::vector<BadCase> bad_upstreams = {
    {"no upstream at all",
     "",
     {": upstreams: is missing; expected a list of mappings, for example:\n  upstreams:\n  - name: "
      "cluster\n    endpoints: [{address: 10.96.0.10}]"}},
    {"an empty list of upstreams",
     "upstreams: []\n",
     {":1: upstreams: is empty; expected at least one entry, for example:\n  upstreams:\n  - name: "
      "cluster\n    endpoints: [{address: 10.96.0.10}]"}},
    {"an upstream without name",
     "upstreams: [{endpoints: [{address: 10.0.0.10}]}]\n",
     {":1: upstreams[0].name: is missing; expected a name of up to 63 letters, digits, '-', '_' "
      "and '.' that starts and ends with a letter or digit"}},
    {"an upstream with a misspelt key",
     "upstreams: [{name: a, endpoint: [{address: 10.0.0.10}]}]\n",
     {":1: upstreams[0]: unknown key `endpoint`; did you mean `endpoints`?",
      ":1: upstreams[0].endpoints: is missing; expected a list of mappings, for example:\n  "
      "endpoints: [{address: 10.96.0.10}]"}},
    {"an upstream without endpoints",
     "upstreams: [{name: a, endpoints: []}]\n",
     {":1: upstreams[0].endpoints: is empty; expected at least one entry, for example:\n  "
      "endpoints: [{address: 10.96.0.10}]"}},
    {"an endpoint without address",
     "upstreams: [{name: a, endpoints: [{port: 53}]}]\n",
     {":1: upstreams[0].endpoints[0].address: is missing; expected an IP address or a host name, "
      "without brackets or port"}},
    {"an endpoint that is a string",
     "upstreams: [{name: a, endpoints: [10.0.0.10]}]\n",
     {":1: upstreams[0].endpoints[0]: expected a mapping, found the string '10.0.0.10'"}},
    {"an endpoint with a port in its address",
     "upstreams: [{name: a, endpoints: [{address: '10.0.0.10:53'}]}]\n",
     {":1: upstreams[0].endpoints[0].address: expected an IP address or a host name, without "
      "brackets or port, found the string '10.0.0.10:53'"}},
    {"an endpoint that is almost an address",
     "upstreams: [{name: a, endpoints: [{address: 10.0.0.300}]}]\n",
     {":1: upstreams[0].endpoints[0].address: expected an IP address or a host name, without "
      "brackets or port, found the string '10.0.0.300'"}},
    {"an endpoint on port 0",
     "upstreams: [{name: a, endpoints: [{address: 10.0.0.10, port: 0}]}]\n",
     {":1: upstreams[0].endpoints[0].port: expected a whole number from 1 to 65535, found the "
      "number 0"}},
    {"a transport that is none",
     "upstreams: [{name: a, transport: DoT, endpoints: [{address: 10.0.0.10}]}]\n",
     {":1: upstreams[0].transport: expected UDP, TCP or TLS, found the string 'DoT'"}},
    {"a policy that is misspelt",
     "upstreams: [{name: a, policy: Roundrobin, endpoints: [{address: 10.0.0.10}]}]\n",
     {":1: upstreams[0].policy: expected Sequential or RoundRobin, found the string 'Roundrobin'"}},
    {"an attempt that may take no time",
     "upstreams: [{name: a, attemptTimeout: 0s, endpoints: [{address: 10.0.0.10}]}]\n",
     {":1: upstreams[0].attemptTimeout: expected a duration with a unit (500ms, 10s, 5m, 1h) from "
      "10ms to 1m, found the string '0s'"}},
    {"an attempt to turn verification off",
     "upstreams: [{name: a, transport: TLS, endpoints: [{address: 10.0.0.10}], tls: "
     "{insecureSkipVerify: true}}]\n",
     {":1: upstreams[0].tls: unknown key `insecureSkipVerify`; expected serverName or caFile"}},
};

const std::vector<BadCase> bad_policies = {
    {"no policies",
     "",
     {": policies: is missing; expected where policies come from, for example:\n  policies: "
      "{directory: policies/}\nor, in a cluster:\n  kubernetes: {}"}},
    {"policies from two places",
     "policies: {directory: p}\nkubernetes: {}\n",
     {":2: kubernetes: policies come from `policies` already; leave out one of the two"}},
    {"pods of a kind that there is not",
     "kubernetes: {pods: Some}\n",
     {":1: kubernetes.pods: expected Node, All or None, found the string 'Some'"}},
    {"policies without directory",
     "policies: {}\n",
     {":1: policies.directory: is missing; expected a path"}},
    {"a directory with an empty name",
     "policies: {directory: ''}\n",
     {":1: policies.directory: expected a path, found the string ''"}},
    {"policies that are a path",
     "policies: policies/\n",
     {":1: policies: expected a mapping, found the string 'policies/'"}},
};

const std::string least = good_listeners + good_upstreams + good_policies;

/// A directory of its own that ends with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string only_problem(const Diagnostics& diagnostics) {
  REQUIRE(diagnostics.size() == 1);
  return to_text(diagnostics.front());
}

Settings load(const std::string& text, const std::string& file = "sluice.yaml") {
  Diagnostics diagnostics;
  const auto settings = load_settings(text, file, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics)
    FAIL_CHECK(to_text(diagnostic));
  REQUIRE(settings.has_value());
  return *settings;
}

}  // namespace

TEST_CASE("settings that are wrong are refused with all that is wrong", "[config][load]") {
  check_bad_cases(bad_settings, {least, ""});
}

TEST_CASE("listeners that are wrong are refused", "[config][load]") {
  check_bad_cases(bad_listeners, {"", good_upstreams + good_policies});
}

TEST_CASE("upstreams that are wrong are refused", "[config][load]") {
  check_bad_cases(bad_upstreams, {"", good_listeners + good_policies});
}

TEST_CASE("an API server can be where policies come from", "[config][load]") {
  const std::string servers = good_listeners + good_upstreams;
  const auto plain = load(servers + "kubernetes: {}\n", "sluice.yaml");
  REQUIRE(plain.kubernetes);
  CHECK(plain.kubernetes->node_name.empty());
  CHECK(plain.kubernetes->pods == WatchedPods::node);
  CHECK(plain.policy_directory.empty());
  const auto full = load(servers +
                             "kubernetes: {nodeName: n1, pods: All, kubeconfig: k.conf, context: "
                             "test, snapshotFile: last, maxSyncWait: 5s}\n",
                         "conf/sluice.yaml");
  REQUIRE(full.kubernetes);
  CHECK(full.kubernetes->node_name == "n1");
  CHECK(full.kubernetes->pods == WatchedPods::all);
  CHECK(full.kubernetes->kubeconfig == "conf/k.conf");
  CHECK(full.kubernetes->context == "test");
  CHECK(full.kubernetes->snapshot_file == "conf/last");
  CHECK(full.kubernetes->max_sync_wait == std::chrono::seconds(5));
}

TEST_CASE("policies that are nowhere are refused", "[config][load]") {
  check_bad_cases(bad_policies, {"", good_listeners + good_upstreams});
}

TEST_CASE("an empty file is told what it lacks", "[config][load]") {
  for (const char* text : {"", "# nothing yet\n", "---\n", "{}"}) {
    CAPTURE(text);
    Diagnostics diagnostics;
    CHECK_FALSE(load_settings(text, "sluice.yaml", diagnostics).has_value());
    REQUIRE(diagnostics.size() == 3);
    CHECK(diagnostics[0].path == "listeners");
    CHECK(diagnostics[1].path == "upstreams");
    CHECK(diagnostics[2].path == "policies");
  }
}

TEST_CASE("a file that is no mapping is refused once", "[config][load]") {
  Diagnostics diagnostics;
  CHECK_FALSE(load_settings("- a\n", "sluice.yaml", diagnostics).has_value());
  CHECK(only_problem(diagnostics) == "sluice.yaml: expected a mapping, found a list");
}

TEST_CASE("earlier diagnostics stay and do not count", "[config][load]") {
  Diagnostics diagnostics{{"other.yaml", 9, "", "is odd"}};
  CHECK(load_settings(least, "sluice.yaml", diagnostics).has_value());
  CHECK(diagnostics.size() == 1);
}

TEST_CASE("what is not written has its default", "[config][load]") {
  const Settings settings = load(least);
  CHECK(settings.workers == 0);
  CHECK(settings.cluster_domain == "cluster.local");
  CHECK(settings.listeners.at(0).address == "127.0.0.1");
  CHECK(settings.default_upstream == "a");
  CHECK(settings.upstreams.at(0).attempt_timeout == 1s);
  CHECK(settings.identity.unknown_client == UnknownClient::refuse);
  CHECK(settings.cache.max_bytes == 64ULL << 20);
  CHECK(settings.lists.directory.empty());
  CHECK(settings.lists.cache_directory.empty());
  CHECK(settings.lists.max_entries == 10'000'000);
  CHECK(settings.lists.max_bytes == 512ULL << 20);
  CHECK(settings.admin.port == 9153);
  CHECK(settings.drain_timeout == 5s);
}

TEST_CASE("every section lands where it belongs", "[config][load]") {
  const Settings settings = load(example_settings(), "/etc/sluice/sluice.yaml");
  CHECK(settings.workers == 2);
  CHECK(settings.cluster_cidrs == std::vector<std::string>{"10.244.0.0/16", "10.96.0.0/12"});
  REQUIRE(settings.listeners.size() == 4);
  CHECK(settings.listeners[1].protocol == ListenerProtocol::tcp);
  CHECK(settings.listeners[2].name == "checkout");
  CHECK(settings.listeners[2].tls.private_key_file == "/etc/sluice/tls.key");
  CHECK(settings.listeners[2].tls.client_ca_file == "/etc/sluice/mesh-ca.crt");
  CHECK(settings.listeners[2].tls.client_certificate == ClientCertificate::optional);
  CHECK(settings.listeners[3].protocol == ListenerProtocol::https);
  REQUIRE(settings.identity.certificates);
  CHECK(settings.identity.certificates->trust_domain == "cluster.local");
  REQUIRE(settings.upstreams.size() == 1);
  CHECK(settings.upstreams[0].transport == UpstreamTransport::tls);
  CHECK(settings.upstreams[0].policy == UpstreamPolicy::round_robin);
  CHECK(settings.upstreams[0].endpoints.size() == 2);
  CHECK(settings.upstreams[0].tls.server_name == "kube-dns.kube-system.svc");
  REQUIRE(settings.identity.static_entries.size() == 2);
  CHECK(settings.identity.static_entries[0].namespace_name == "shop-prod");
  CHECK(settings.identity.static_entries[0].labels.at("app") == "web");
  CHECK(settings.identity.static_entries[1].listeners == std::vector<std::string>{"checkout"});
  CHECK(settings.policy_directory == "/etc/sluice/policies/");
}

TEST_CASE("every number lands where it belongs", "[config][load]") {
  const Settings settings =
      load(least +
           "workers: 3\ncache: {maxBytes: 1M, serveStale: 1s, maxTTL: 2s, maxNegativeTTL: 3s}\n"
           "limits: {maxUdpPayload: 513, maxInFlight: 1, maxConnections: 2, "
           "maxConnectionsPerClient: 3,\n"
           "  maxQueriesPerConnection: 4, idleTimeout: 101ms, queryTimeout: 102ms}\n"
           "log: {level: error, format: text}\nadmin: {address: '::1', port: 0}\n"
           "metrics: {maxTenants: 5}\ndrainTimeout: 7ms\n");
  CHECK(settings.workers == 3);
  CHECK(settings.cache.max_bytes == 1'000'000);
  CHECK(settings.cache.serve_stale == 1s);
  CHECK(settings.cache.max_ttl == 2s);
  CHECK(settings.cache.max_negative_ttl == 3s);
  CHECK(settings.limits.max_udp_payload == 513);
  CHECK(settings.limits.max_in_flight == 1);
  CHECK(settings.limits.max_connections == 2);
  CHECK(settings.limits.max_connections_per_client == 3);
  CHECK(settings.limits.max_queries_per_connection == 4);
  CHECK(settings.limits.idle_timeout == 101ms);
  CHECK(settings.limits.query_timeout == 102ms);
  CHECK(settings.log.level == LogLevel::error);
  CHECK(settings.log.format == LogFormat::text);
  CHECK(settings.admin.address == "::1");
  CHECK(settings.admin.port == 0);
  CHECK(settings.metrics.max_tenants == 5);
  CHECK(settings.drain_timeout == 7ms);
}

TEST_CASE("bounds themselves are allowed", "[config][load]") {
  CHECK(load(least + "workers: 1024\n").workers == 1024);
  CHECK(load(least + "cache: {maxBytes: 1Ti}\n").cache.max_bytes == 1ULL << 40);
  CHECK(load(least + "cache: {maxBytes: 0}\n").cache.max_bytes == 0);
  CHECK(load(least + "drainTimeout: 10m\n").drain_timeout == 10min);
  CHECK(load(least + "cache: {serveStale: 168h}\n").cache.serve_stale == 168h);
}

TEST_CASE("relative paths are relative to the file", "[config][load]") {
  CHECK(load(least, "sluice.yaml").policy_directory == "p");
  CHECK(load(least, "conf/sluice.yaml").policy_directory == "conf/p");
  const std::string text = good_listeners + good_upstreams;
  CHECK(load(least + "lists: {directory: l}\n", "conf/sluice.yaml").lists.directory == "conf/l");
  CHECK(load(least + "lists: {cacheDirectory: c, caFile: f}\n", "a/s.yaml").lists.ca_file == "a/f");
  CHECK(load(text + "policies: {directory: ../p}\n", "/a/b/s.yaml").policy_directory == "/a/p");
  CHECK(load(text + "policies: {directory: /p}\n", "/a/b/s.yaml").policy_directory == "/p");
}

TEST_CASE("a system's trust store stays the system's", "[config][load]") {
  const Settings settings = load(
      "upstreams: [{name: a, transport: TLS, endpoints: [{address: 1.1.1.1}], tls: {serverName: "
      "one.one}}]\n" +
          good_listeners + good_policies,
      "/etc/sluice.yaml");
  CHECK(settings.upstreams[0].tls.ca_file.empty());
}

TEST_CASE("settings are loaded from a file", "[config][load]") {
  const TemporaryDirectory directory;
  Diagnostics diagnostics;
  const auto settings = load_settings_file(directory.write("s.yaml", least), diagnostics);
  REQUIRE(settings.has_value());
  CHECK(settings->policy_directory == directory.path() / "p");
}

TEST_CASE("a file that cannot be read is told with the reason", "[config][load]") {
  const TemporaryDirectory directory;
  Diagnostics diagnostics;
  CHECK_FALSE(load_settings_file(directory.path() / "none.yaml", diagnostics).has_value());
  CHECK(
      only_problem(diagnostics).ends_with("none.yaml: cannot be read: No such file or directory"));
  diagnostics.clear();
  CHECK_FALSE(load_settings_file(directory.path(), diagnostics).has_value());
  CHECK(only_problem(diagnostics).ends_with(": cannot be read: Is a directory"));
}

TEST_CASE("a file above the size limit is refused", "[config][load]") {
  const TemporaryDirectory directory;
  Diagnostics diagnostics;
  const std::string long_text = least + std::string(1U << 20, '\n');
  CHECK_FALSE(load_settings_file(directory.write("s.yaml", long_text), diagnostics).has_value());
  CHECK(only_problem(diagnostics).ends_with("s.yaml: is longer than 1048576 octets"));
}
