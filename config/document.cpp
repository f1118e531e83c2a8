// SPDX-License-Identifier: Apache-2.0
#include "config/document.hpp"

#include <string_view>
#include <vector>

#include "config/schema.hpp"

namespace sluice::config {
namespace {

constexpr std::string_view introduction =
    R"(<!-- Generated from config/schema.cpp; a test says how to make it anew. Do not edit. -->
# Configuration

`sluice.yaml` holds a node's own settings; policies are never in it. `sluice serve --config FILE` starts with it, or says
everything that is wrong with it, each problem with its line, and ends. A key that is not listed here is an error, so
that a misspelt one cannot go unnoticed.

* Relative paths are relative to the directory of `sluice.yaml`.
* A duration has a unit: `500ms`, `10s`, `5m`, `1h30m`.
* A size is a number of octets, or has a suffix: `k`, `M`, `G`, `T` are powers of 1000, `Ki`, `Mi`, `Gi`, `Ti` of 1024.
* Text that looks like a number or is `true` or `false` needs quotes.
)";

constexpr std::string_view example_heading = "## Complete example\n\nEvery key once:\n\n```yaml\n";

const std::string example = R"(workers: 2
clusterDomain: cluster.local
clusterCIDRs: [10.244.0.0/16, 10.96.0.0/12]
listeners:
- {protocol: UDP, address: 127.0.0.1, port: 5353}
- {protocol: TCP, address: 127.0.0.1, port: 5353}
- name: checkout
  protocol: TLS
  address: 127.0.0.1
  port: 8853
  tls: {certificateFile: tls.crt, privateKeyFile: tls.key}
upstreams:
- name: cluster
  transport: TLS
  endpoints:
  - {address: 10.96.0.10, port: 853}
  - {address: kube-dns.kube-system.svc}
  policy: RoundRobin
  attemptTimeout: 1s
  tls: {serverName: kube-dns.kube-system.svc, caFile: ca.crt}
defaultUpstream: cluster
identity:
  unknownClient: Refuse
  static:
  - {namespace: shop-prod, cidrs: [127.0.1.0/24], labels: {app: web}}
  - {namespace: payments, listeners: [checkout], labels: {app: checkout}}
policies: {directory: policies/}
# In a cluster, instead of `policies`; none of these keys is needed in a pod that knows its NODE_NAME:
# kubernetes:
#   {nodeName: node-1, pods: Node, kubeconfig: admin.conf, context: test, snapshotFile: last, maxSyncWait: 30s}
lists:
  directory: lists/
  cacheDirectory: lists-cache/
  caFile: ca.crt
  maxEntries: 10000000
  maxBytes: 512Mi
caBundles: {directory: ca-bundles/}
cache: {maxBytes: 64Mi, serveStale: 1h, maxTTL: 24h, maxNegativeTTL: 1h}
limits:
  maxUdpPayload: 1232
  maxInFlight: 10000
  maxConnections: 1000
  maxConnectionsPerClient: 100
  maxQueriesPerConnection: 128
  idleTimeout: 10s
  queryTimeout: 4s
log: {level: info, format: json}
admin: {address: 127.0.0.1, port: 9153}
metrics: {maxTenants: 1000}
drainTimeout: 5s
)";

bool is_section(const KeyText& key) {
  return key.shape != Shape::value;
}

std::string path_of(const std::string& around, const KeyText& key) {
  const std::string path = around.empty() ? key.name : around + '.' + key.name;
  return key.shape == Shape::section_list ? path + "[]" : path;
}

/// Words of ours already have their backquotes; values as they stand in YAML get them.
std::string default_cell(const KeyText& key) {
  if (key.presence == Presence::required) return "required";
  const std::string& text = key.default_text;
  const bool is_words = text.empty() || text.find_first_of(" `") != std::string::npos;
  return is_words ? text : '`' + text + '`';
}

std::string table_row(const KeyText& key) {
  return "| `" + key.name + "` | " + key.type + " | " + default_cell(key) + " | " + key.range +
         " | " + key.meaning + " |\n";
}

/// The keys of one section, then each section inside it under a heading of its own.
void append_section(std::string& markdown, const std::string& path,
                    const std::vector<KeyText>& keys) {
  markdown += path.empty() ? "\n## Top level\n\n" : "\n## `" + path + "`\n\n";
  markdown += "| key | type | default | range | meaning |\n|---|---|---|---|---|\n";
  for (const KeyText& key : keys)
    markdown += table_row(key);
  for (const KeyText& key : keys) {
    if (is_section(key)) append_section(markdown, path_of(path, key), key.children);
  }
}

}  // namespace

const std::string& example_settings() {
  return example;
}

std::string configuration_markdown() {
  std::string markdown(introduction);
  markdown += '\n';
  markdown += example_heading;
  markdown += example + "```\n";
  append_section(markdown, "", texts_of(schema()));
  return markdown;
}

}  // namespace sluice::config
