// SPDX-License-Identifier: Apache-2.0
// Sections stand before what contains them; the file as a whole is at the end. Defaults are those
// of config/settings.hpp and are not repeated.
#include "config/schema.hpp"

#include <chrono>
#include <cstdint>

#include "config/shared_keys.hpp"

namespace sluice::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds week = 168h;

const Choices<ListenerProtocol> protocols{{"UDP", ListenerProtocol::udp},
                                          {"TCP", ListenerProtocol::tcp},
                                          {"TLS", ListenerProtocol::tls},
                                          {"HTTPS", ListenerProtocol::https}};
const Choices<UpstreamTransport> transports{{"UDP", UpstreamTransport::udp},
                                            {"TCP", UpstreamTransport::tcp},
                                            {"TLS", UpstreamTransport::tls}};
const Choices<UpstreamPolicy> upstream_policies{{"Sequential", UpstreamPolicy::sequential},
                                                {"RoundRobin", UpstreamPolicy::round_robin}};
const Choices<UnknownClient> unknown_clients{{"Refuse", UnknownClient::refuse},
                                             {"Baseline", UnknownClient::baseline},
                                             {"Hold", UnknownClient::hold}};
const Choices<WatchedPods> watched_pods{
    {"Node", WatchedPods::node}, {"All", WatchedPods::all}, {"None", WatchedPods::none}};
const Choices<ClientCertificate> client_certificates{{"Optional", ClientCertificate::optional},
                                                     {"Required", ClientCertificate::required}};

/// What a webhook's server has too, and what only clients of DNS are asked for.
Keys<ServerTls> make_listener_tls() {
  Keys<ServerTls> keys = server_tls_keys();
  keys.push_back({"clientCAFile",
                  defaulted("clients are not asked for certificates",
                            value(&ServerTls::client_ca_file, file_path())),
                  "PEM file with the authorities whose certificates clients may show. All three "
                  "files are read again when they change."});
  keys.push_back(
      {"clientCertificate", value(&ServerTls::client_certificate, choice(client_certificates)),
       "With `clientCAFile`: whether a client without a certificate may ask. One that it "
       "shows is verified in any case."});
  return keys;
}
const Keys<ServerTls> listener_tls = make_listener_tls();

const Keys<Listener> listener{
    {"name", defaulted("protocol and port, such as `udp-5353`", value(&Listener::name, name())),
     "Stands in metrics, logs and `identity.static[].listeners`."},
    {"protocol", required(value(&Listener::protocol, choice(protocols))),
     "`TLS` is DNS over TLS (RFC 7858), `HTTPS` is DNS over HTTPS (RFC 8484)."},
    {"address", value(&Listener::address, ip_address()),
     "The address to listen on; `0.0.0.0` and `::` mean all of the machine."},
    {"port", defaulted("`53`; with TLS `853`, with HTTPS `443`", port(&Listener::port, 0)),
     "With `0` the kernel chooses a free port."},
    {"tls", section(&Listener::tls, listener_tls),
     "The certificate that clients see; needed with protocols `TLS` and `HTTPS`, refused "
     "otherwise."},
    {"path", value(&Listener::path, url_path()),
     "With protocol `HTTPS`: where DNS is served; other paths are 404."},
};

const Keys<Endpoint> endpoint{
    {"address", required(value(&Endpoint::address, host())),
     "A host name is resolved, and followed when its addresses change."},
    {"port", defaulted("`53`; with TLS `853`", port(&Endpoint::port, 1)),
     "The port that the resolver listens on."},
};

const Keys<ClientTls> client_tls{
    {"serverName", defaulted("", value(&ClientTls::server_name, domain())),
     "The name that the resolver's certificate must have; needed with transport `TLS`. There is no "
     "way to skip the check."},
    {"caFile", defaulted("the system's trust store", value(&ClientTls::ca_file, file_path())),
     "PEM file with the authorities that are trusted for this upstream."},
};

const Keys<Upstream> upstream{
    {"name", required(value(&Upstream::name, name())),
     "What `defaultUpstream`, metrics and logs call it."},
    {"transport", value(&Upstream::transport, choice(transports)),
     "How questions travel. With `UDP`, a truncated answer is asked for again over TCP."},
    {"endpoints",
     required(sections(&Upstream::endpoints, endpoint), "endpoints: [{address: 10.96.0.10}]"),
     "The resolvers that make up this upstream."},
    {"policy", value(&Upstream::policy, choice(upstream_policies)),
     "`Sequential` asks the first endpoint that works; `RoundRobin` spreads questions over all "
     "that work."},
    {"attemptTimeout", span(&Upstream::attempt_timeout, Range<milliseconds>{10ms, 60s}),
     "How long one endpoint may take before another is asked."},
    {"tls", section(&Upstream::tls, client_tls),
     "How the resolver proves who it is; needed with transport `TLS`, refused otherwise."},
};

const Keys<StaticIdentity> static_identity{
    {"namespace", required(value(&StaticIdentity::namespace_name, namespace_name())),
     "The namespace that these clients are in."},
    {"cidrs", list(&StaticIdentity::cidrs, cidr()),
     "Source addresses. Of several that contain a client, the longest decides."},
    {"listeners", list(&StaticIdentity::listeners, name()),
     "Names of listeners: whoever asks there is this client."},
    {"labels", string_map(&StaticIdentity::labels),
     "Labels as a pod would have them, for policies that select by label."},
};

const Keys<PodFiles> pod_files{
    {"labelsFile", required(value(&PodFiles::labels_file, file_path())),
     "The file with `metadata.labels`. A change of it takes effect without a restart."},
    {"namespaceFile",
     defaulted("the environment variable POD_NAMESPACE",
               value(&PodFiles::namespace_file, file_path())),
     "The file with `metadata.namespace`."},
};

const Keys<CertificateNames> certificate_names{
    {"trustDomain",
     defaulted("SPIFFE IDs count for nothing",
               value(&CertificateNames::trust_domain, trust_domain())),
     "Whose certificate has the SPIFFE ID `spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT` is in "
     "that "
     "namespace."},
    {"dnsNames", list(&CertificateNames::dns_names, dns_name_pattern()),
     "Patterns such as `\"*.{namespace}.svc.cluster.local\"` for DNS names in certificates without "
     "SPIFFE ID: `*` stands for any one label, `{namespace}` for the namespace."},
};

const Keys<Identity> identity{
    {"unknownClient", value(&Identity::unknown_client, choice(unknown_clients)),
     "What a client gets whom nothing identifies: `Refuse` answers REFUSED, `Baseline` applies the "
     "cluster-wide policies alone, `Hold` waits 1.5 s for the API server to tell of a new pod and "
     "then refuses; 1024 questions at most wait so, per worker."},
    {"static", sections(&Identity::static_entries, static_identity),
     "Who is behind which addresses or listeners, where no API server says so. Each entry needs "
     "`cidrs` or `listeners`."},
    {"certificates", section(&Identity::certificates, certificate_names),
     "How a certificate that a client shows says which namespace it is in. Where its address is "
     "known too, both must say the same, or else the client is unknown."},
    {"pod", section(&Identity::pod, pod_files),
     "For a sidecar: whoever asks from a loopback address is the pod that Sluice is part of, as a "
     "volume of the downward API describes it; nobody else is a client, and no pods are watched."},
};

const Keys<Settings> policies{
    {"directory", required(value(&Settings::policy_directory, file_path())),
     "Every YAML file in it is read. Changes take effect without a restart."},
};

const Keys<Kubernetes> kubernetes{
    {"nodeName",
     defaulted("the environment variable NODE_NAME", value(&Kubernetes::node_name, name())),
     "The node whose pods ask here."},
    {"pods",
     defaulted("`Node`; with `identity.pod` `None`",
               value(&Kubernetes::pods, choice(watched_pods))),
     "Whose addresses are known: those of the pods of this node, of all pods, or of none where "
     "`identity` says all."},
    {"kubeconfig",
     defaulted("the pod's service account", value(&Kubernetes::kubeconfig, file_path())),
     "How to reach the API server from outside of a cluster."},
    {"context", defaulted("the file's current one", value(&Kubernetes::context, name())),
     "The context of the kubeconfig."},
    {"snapshotFile", defaulted("none is kept", value(&Kubernetes::snapshot_file, file_path())),
     "Where what the API server said last is kept, so that a start without it need not be one "
     "without policies. Addresses of pods are used again only within one boot of the node."},
    {"maxSyncWait", span(&Kubernetes::max_sync_wait, Range<milliseconds>{0s, 10min}),
     "How long a start waits for the API server before it serves with what it has, with a snapshot "
     "5 s at most; clients that it does not know get what `identity.unknownClient` says."},
    {"reportNamespace",
     defaulted("that of the pod; outside of one nothing is reported",
               value(&Kubernetes::report_namespace, namespace_name())),
     "Where the Lease is in which this node says which policies it serves; the controller's."},
    {"reportInterval", span(&Kubernetes::report_interval, Range<milliseconds>{100ms, 1h}),
     "A change of that is told within twice this time, at random, and never twice within it. In a "
     "cluster of thousands of nodes, a longer one spares the API server."},
};

const Keys<Lists> lists{
    {"directory", defaulted("", value(&Lists::directory, file_path())),
     "Where `file.path` of a ClusterDomainList is looked up. Nothing outside of it is ever read."},
    {"cacheDirectory", defaulted("", value(&Lists::cache_directory, file_path())),
     "Keeps a copy of each list that was downloaded, for the next start; without it, none is kept. "
     "Must be writable."},
    {"caFile", defaulted("the system's trust store", value(&Lists::ca_file, file_path())),
     "PEM file with the authorities that are trusted for lists with an https URL."},
    {"maxEntries", count(&Lists::max_entries, {1, 100'000'000}),
     "Entries of one list; a list with more is refused as a whole. Takes up to 21 octets each "
     "while "
     "a list is loaded, 11.5 afterwards."},
    {"maxBytes", value(&Lists::max_bytes, byte_size({1024, 1ULL << 40})),
     "Octets of one list, packed or inflated; a list with more is refused as a whole."},
};

const Keys<Settings> ca_bundles{
    {"directory", defaulted("", value(&Settings::ca_bundle_directory, file_path())),
     "Has a directory NAME with a file KEY for each `caBundleRef` of a DNSUpstream, as mounted "
     "ConfigMaps do."},
};

const Keys<Cache> cache{
    {"maxBytes", value(&Cache::max_bytes, byte_size({0, 1ULL << 40})),
     "All workers together; `0` means no cache."},
    {"serveStale", span(&Cache::serve_stale, Range<seconds>{0s, week}),
     "How long behind its TTL an answer may be served while no upstream answers (RFC 8767); `0s` "
     "means never."},
    {"maxTTL", span(&Cache::max_ttl, Range<seconds>{1s, week}), "Longer TTLs count as this."},
    {"maxNegativeTTL", span(&Cache::max_negative_ttl, Range<seconds>{0s, week}),
     "The same for answers that say that something does not exist (RFC 2308)."},
};

const Keys<Limits> limits{
    {"maxUdpPayload", count(&Limits::max_udp_payload, {512, 4096}),
     "Octets of an answer over UDP, whatever the client offers; longer ones are truncated."},
    {"maxInFlight", count(&Limits::max_in_flight, {1, 1'000'000}),
     "Questions that wait for an upstream, per worker."},
    {"maxConnections", count(&Limits::max_connections, {1, 1'000'000}),
     "TCP and TLS connections, per worker."},
    {"maxConnectionsPerClient", count(&Limits::max_connections_per_client, {1, 1'000'000}),
     "Connections from one address, per worker."},
    {"maxQueriesPerConnection", count(&Limits::max_queries_per_connection, {1, 65535}),
     "Unanswered questions of one connection; at the bound it is not read until answers went out."},
    {"idleTimeout", span(&Limits::idle_timeout, Range<milliseconds>{100ms, 1h}),
     "After which a connection without questions is closed."},
    {"queryTimeout", span(&Limits::query_timeout, Range<milliseconds>{100ms, 60s}),
     "After which a client gets a stale answer or SERVFAIL."},
};

const Keys<Metrics> metrics{
    {"maxTenants", count(&Metrics::max_tenants, {1, 100'000}),
     "Tenants with time series of their own; further ones are counted together as "
     "`tenant=\"_other\"`."},
};

const Keys<Settings> settings{
    {"workers", count(&Settings::workers, {0, 1024}),
     "Threads that answer questions; `0` means one per usable core."},
    {"clusterDomain", value(&Settings::cluster_domain, domain()),
     "The domain that the cluster's own names are under."},
    {"clusterCIDRs", list(&Settings::cluster_cidrs, cidr()),
     "Addresses of pods and services. Their reverse zones count as names of the cluster."},
    {"listeners",
     required(sections(&Settings::listeners, listener),
              "listeners:\n- {protocol: UDP, address: 127.0.0.1, port: 53}"),
     "Where clients reach Sluice."},
    {"upstreams",
     required(sections(&Settings::upstreams, upstream),
              "upstreams:\n- name: cluster\n  endpoints: [{address: 10.96.0.10}]"),
     "Resolvers that allowed questions are forwarded to."},
    {"defaultUpstream", defaulted("the only upstream", value(&Settings::default_upstream, name())),
     "The upstream for whatever no policy sends elsewhere; needed with more than one."},
    {"identity", section(&Settings::identity, identity), "Who the clients are."},
    {"policies", section(policies),
     "Where policies come from: a directory. Needed without `kubernetes`."},
    {"kubernetes", section(&Settings::kubernetes, kubernetes),
     "Where policies, namespaces and pods come from: an API server. Needed without `policies`."},
    {"lists", section(&Settings::lists, lists), "Lists that are files or downloads."},
    {"caBundles", section(ca_bundles), "Certificates that DNSUpstreams are verified with."},
    {"cache", section(&Settings::cache, cache), "The answer cache."},
    {"limits", section(&Settings::limits, limits), "Bounds on what clients can make Sluice hold."},
    {"log", section(&Settings::log, log_keys()), "The log on standard error."},
    {"admin", section(&Settings::admin, admin_keys()), "The HTTP server for operators."},
    {"metrics", section(&Settings::metrics, metrics), "What the metrics may grow to."},
    {"drainTimeout", span(&Settings::drain_timeout, Range<milliseconds>{0s, 10min}),
     "How long SIGTERM waits for answers that are under way."},
};

}  // namespace

const Keys<Settings>& schema() {
  return settings;
}

}  // namespace sluice::config
