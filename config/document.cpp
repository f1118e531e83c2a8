// SPDX-License-Identifier: Apache-2.0
#include "config/document.hpp"

#include <string_view>
#include <vector>

#include "config/controller_settings.hpp"
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
  tls: {certificateFile: tls.crt, privateKeyFile: tls.key, clientCAFile: mesh-ca.crt, clientCertificate: Optional}
- {protocol: HTTPS, address: 127.0.0.1, port: 8443, path: /dns-query, tls: {certificateFile: tls.crt, privateKeyFile: tls.key}}
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
  certificates: {trustDomain: cluster.local, dnsNames: ["*.{namespace}.svc.cluster.local"]}
# In a sidecar, instead of `static` and `certificates`:
#   pod: {namespaceFile: /etc/sluice/podinfo/namespace, labelsFile: /etc/sluice/podinfo/labels}
policies: {directory: policies/}
# In a cluster, instead of `policies`; none of these keys is needed in a pod that knows its NODE_NAME:
# kubernetes:
#   {nodeName: node-1, pods: Node, kubeconfig: admin.conf, context: test, snapshotFile: last, maxSyncWait: 30s,
#    reportNamespace: sluice-system, reportInterval: 10s}
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

constexpr std::string_view controller_introduction =
    R"(<!-- Generated from config/controller_settings.cpp; a test says how to make it anew. Do not edit. -->
# The controller

`sluice controller --config FILE` watches all policies and namespaces of a cluster, finds out what is wrong with which
object, and says so in the object's `status`. With a `webhook` it also answers the API server's question whether an object
may be stored. It answers no queries, and nothing that agents do waits for it.

* **Who writes.** Any number of controllers may run. They agree by a Lease on one that writes; the others watch, and one of
  them takes over when the leader has not renewed the Lease for `lease.duration`. A leader that ends in order gives it up
  at once. The environment variable `POD_NAME` is what it calls itself there, or else the host's name.
* **What it writes.** `observedGeneration`, and the conditions `Accepted`, `ResolvedRefs` (of kinds that refer to others)
  and `Ready`, whose message names each field that is wrong and what to do; `PartiallyOverridden` and `Stalled` while they
  hold. Filters also get `compiled`, tenants the number of their namespaces and filters, lists that of their entries.
  Nothing is written where nothing would change, and never more than five times a second after a first ten; what somebody
  has just edited goes before what a start left to write.
* **Events** tell of an object that is wrong, and of one that is right again; `kubectl describe` shows them.
* **Nodes.** Agents say in a Lease of their node which policies they serve; the leader counts. `Programmed` of a filter or
  upstream is True once every node serves this version, `Unknown` while they take it over (and so is `Ready`), False with
  `NodeErrors` when a node refuses it or lacks a list of it, or with `NodesOutdated` when one that reports has not got it after five
  minutes. Both are left out where no node reports. `nodes` is as of the last time that the status was written: how many
  nodes there are is no reason to write every status anew.
* `/livez`, `/readyz` and `/metrics` are served at `admin`. A controller is ready once it has seen all objects and, with a
  webhook, has a certificate to show; leader or not.

## The webhook

Every replica answers `POST /validate`, leader or not, from what it has seen: it never asks anybody. The agents enforce
the same by themselves, so that a webhook which is down costs advice and not security.

| an object | is |
|---|---|
| has an action that is not in its tenant's `delegation.allowedActions` | refused |
| would exceed `delegation.maxFilters`, `delegation.maxDomains`, or the limits of lists and patterns of one tenant | refused |
| could never take effect: no regular expression, no such time zone, a rewrite that leads to itself, an address as a name | refused |
| refers to a list or upstream that is not there, or is wrong itself | stored, with a warning: it may come later |
| has a rule that never decides, a tie of priorities, a selector of pods in a filter of the platform, and the like | stored, with a warning |
| has something wrong that was so before this change, or is being deleted | stored, with a warning |

Two changes at the same moment may both be let in where only one has room; the status of one of them says so then.

With `tls` somebody else renews the files, which are read again within ten seconds. With `selfSigned` the leader keeps a
certificate of 90 days in a Secret that all replicas read, and the authority that signed it in `clientConfig.caBundle` of the
configuration. It renews 30 days before the end: the next authority is trusted for half a minute before anything signed by
it is shown, and the last one until it is over, so that no question goes unanswered. How long the certificate has
left is logged whenever it is another one and once a day, and exported as `sluice_webhook_certificate_not_after_seconds`.

## The file

A key that is not listed here is an error. Durations have a unit (`500ms`, `10s`, `5m`); relative paths are relative to
the directory of the file.
)";

const std::string controller_example = R"(clusterDomain: cluster.local
lease:
  namespace: sluice-system
  name: sluice-controller
  duration: 15s
  renewDeadline: 10s
  retryPeriod: 2s
webhook:
  address: 0.0.0.0
  port: 9443
  selfSigned:
    secretName: sluice-webhook
    namespace: sluice-system
    configurationName: sluice-validating
    serverName: sluice-webhook.sluice-system.svc
  # or, instead of selfSigned
  # tls: {certificateFile: tls.crt, privateKeyFile: tls.key}
kubernetes: {kubeconfig: kubeconfig.yaml, context: production}
log: {level: info, format: json}
admin: {address: 127.0.0.1, port: 9153}
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

struct Page {
  std::string_view introduction;
  const std::string& example;
  std::vector<KeyText> keys;
};

std::string page(const Page& parts) {
  std::string markdown(parts.introduction);
  markdown += '\n';
  markdown += example_heading;
  markdown += parts.example + "```\n";
  append_section(markdown, "", parts.keys);
  return markdown;
}

}  // namespace

const std::string& example_settings() {
  return example;
}

const std::string& example_controller_settings() {
  return controller_example;
}

std::string configuration_markdown() {
  return page({introduction, example, texts_of(schema())});
}

std::string controller_markdown() {
  return page({controller_introduction, controller_example, texts_of(controller_schema())});
}

}  // namespace sluice::config
