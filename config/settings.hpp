// SPDX-License-Identifier: Apache-2.0
// sluice.yaml as data: a node's own settings with their defaults in place. Policies are never in
// here. The keys, ranges and documentation stand once, in config/schema.cpp; docs/configuration.md
// is made from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::config {

enum class ListenerProtocol : std::uint8_t { udp, tcp, tls, https };
constexpr bool is_encrypted(ListenerProtocol protocol) {
  return protocol == ListenerProtocol::tls || protocol == ListenerProtocol::https;
}
enum class UpstreamTransport : std::uint8_t { udp, tcp, tls };
enum class UpstreamPolicy : std::uint8_t { sequential, round_robin };
enum class UnknownClient : std::uint8_t { refuse, baseline, hold };
enum class LogLevel : std::uint8_t { debug, info, warn, error };
enum class LogFormat : std::uint8_t { json, text };

/// Whether a client must show a certificate. One that it shows is always verified.
enum class ClientCertificate : std::uint8_t { optional, required };

/// Where a listening socket finds its certificate. Relative paths are relative to sluice.yaml.
struct ServerTls {
  std::filesystem::path certificate_file;     ///< PEM, the whole chain
  std::filesystem::path private_key_file;     ///< PEM
  std::filesystem::path client_ca_file = {};  ///< PEM; empty: clients are not asked for one
  ClientCertificate client_certificate = ClientCertificate::required;
};

struct Listener {
  std::string
      name;  ///< for metrics, logs and identity.static[].listeners; default `udp-5353` and the like
  ListenerProtocol protocol = ListenerProtocol::udp;
  std::string address = "127.0.0.1";  ///< an IP address
  std::uint16_t port = 53;            ///< 0: the kernel chooses
  ServerTls tls;                      ///< protocols tls and https
  std::string path = "/dns-query";    ///< protocol https; RFC 8484 4.1 leaves it to us
};

struct Endpoint {
  std::string address;     ///< an IP address, or a host name that is resolved and followed
  std::uint16_t port = 0;  ///< default 53, with TLS 853
  bool operator==(const Endpoint&) const = default;
};

/// How a DoT upstream is verified. There is no way to turn verification off.
struct ClientTls {
  std::string server_name;        ///< the name that the certificate must have, and SNI
  std::filesystem::path ca_file;  ///< PEM; empty: the system's trust store
  bool operator==(const ClientTls&) const = default;
};

struct Upstream {
  std::string name;
  UpstreamTransport transport = UpstreamTransport::udp;
  std::vector<Endpoint> endpoints;
  UpstreamPolicy policy = UpstreamPolicy::sequential;
  std::chrono::milliseconds attempt_timeout{
      1000};  ///< per attempt, before another endpoint is asked
  ClientTls tls;
  bool operator==(const Upstream&) const = default;
};

/// Who is behind which addresses or listeners, where no API server says so.
struct StaticIdentity {
  std::string namespace_name;
  std::vector<std::string> cidrs;      ///< checked: filters::Prefix::from_text reads each
  std::vector<std::string> listeners;  ///< names of listeners
  std::map<std::string, std::string, std::less<>> labels;
};

/// The pod that a sidecar is part of, as the kubelet tells it in files of the downward API.
struct PodFiles {
  std::filesystem::path labels_file;
  std::filesystem::path
      namespace_file;  ///< empty: what the environment variable POD_NAMESPACE says
};

/// How certificates of clients name a namespace. At least one way is set.
struct CertificateNames {
  std::string trust_domain;            ///< of SPIFFE IDs; empty: they are not looked at
  std::vector<std::string> dns_names;  ///< patterns with one label `{namespace}`
};

struct Identity {
  UnknownClient unknown_client = UnknownClient::refuse;
  std::vector<StaticIdentity> static_entries;  ///< `static` in YAML
  std::optional<PodFiles> pod;                 ///< of a sidecar, which has no other client
  std::optional<CertificateNames> certificates;
};

/// Whose addresses are known from the API server.
enum class WatchedPods : std::uint8_t { node, all, none };

/// An API server that policies and identities come from.
struct Kubernetes {
  std::string node_name;  ///< empty: what the environment variable NODE_NAME says
  WatchedPods pods = WatchedPods::node;
  std::filesystem::path kubeconfig;     ///< empty: the service account of the pod that we are in
  std::string context;                  ///< of the kubeconfig; empty: its current one
  std::filesystem::path snapshot_file;  ///< what the server said last; empty: not kept
  std::chrono::milliseconds max_sync_wait{30000};  ///< before queries are answered without
  /// Of the Lease in which the node says what it serves; empty: the namespace of our pod.
  std::string report_namespace;
  std::chrono::milliseconds report_interval{10'000};
};

/// Where lists come from, and what one of them may grow to.
struct Lists {
  std::filesystem::path directory;        ///< of lists with a file; empty: there are none
  std::filesystem::path cache_directory;  ///< copies of what was downloaded; empty: none are kept
  std::filesystem::path ca_file;          ///< PEM, for https; empty: the system's trust store
  std::uint32_t max_entries = 10'000'000;
  std::uint64_t max_bytes = 512ULL << 20;  ///< of a file or download, also once inflated
};

struct Cache {
  std::uint64_t max_bytes = 64ULL << 20;  ///< all workers together; 0: no cache
  std::chrono::seconds serve_stale{
      3600};  ///< how long behind its TTL an answer may be served; 0: never
  std::chrono::seconds max_ttl{86400};          ///< RFC 8767 4 advises a cap of days
  std::chrono::seconds max_negative_ttl{3600};  ///< RFC 2308 5 advises one to three hours
};

/// Bounds on what clients can make a worker hold; each has a metric that shows when it bites.
struct Limits {
  std::uint32_t max_udp_payload = 1232;  ///< octets; DNS flag day 2020
  std::uint32_t max_in_flight = 10000;   ///< questions that wait for an upstream, per worker
  std::uint32_t max_connections = 1000;  ///< TCP and TLS, per worker
  std::uint32_t max_connections_per_client = 100;  ///< from one address, per worker
  std::uint32_t max_queries_per_connection =
      128;  ///< unanswered; then reading stops until answers went out
  std::chrono::milliseconds idle_timeout{10000};  ///< of a connection without queries
  std::chrono::milliseconds query_timeout{
      4000};  ///< until a client gets SERVFAIL or a stale answer
};

struct Log {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::json;
};

struct Admin {
  std::string address = "127.0.0.1";
  std::uint16_t port = 9153;
};

struct Metrics {
  std::uint32_t max_tenants = 1000;  ///< further tenants are counted as tenant="_other"
};

struct Settings {
  std::uint32_t workers = 0;  ///< 0: one per usable core
  std::string cluster_domain = "cluster.local";
  std::vector<std::string>
      cluster_cidrs;  ///< pods and services: their reverse zones are cluster zones
  std::vector<Listener> listeners;
  std::vector<Upstream> upstreams;
  std::string default_upstream;  ///< name; default: the only one
  Identity identity;
  std::filesystem::path policy_directory;  ///< policies.directory; empty with `kubernetes`
  std::optional<Kubernetes> kubernetes;
  std::filesystem::path ca_bundle_directory;  ///< caBundles.directory: NAME/KEY below it
  Lists lists;
  Cache cache;
  Limits limits;
  Log log;
  Admin admin;
  Metrics metrics;
  std::chrono::milliseconds drain_timeout{5000};  ///< how long SIGTERM waits for answers under way
};

}  // namespace sluice::config
