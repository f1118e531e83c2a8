// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "config/codec.hpp"
#include "config/yaml.hpp"

namespace sluice::config {
namespace {

constexpr std::uint16_t dns_over_tls_port = 853;  // RFC 7858 3.1
constexpr std::uint16_t dns_over_https_port = 443;
constexpr std::uint16_t dns_port = 53;

std::string_view lower_name(ListenerProtocol protocol) {
  constexpr std::array<std::string_view, 4> names = {"udp", "tcp", "tls", "https"};
  return names.at(static_cast<std::size_t>(protocol));
}

std::uint16_t default_port(ListenerProtocol protocol) {
  if (protocol == ListenerProtocol::https) return dns_over_https_port;
  return protocol == ListenerProtocol::tls ? dns_over_tls_port : dns_port;
}

void complete_listener(Listener& listener, const std::string& path, const Report& report) {
  if (!report.was_written(path + ".port")) listener.port = default_port(listener.protocol);
  if (!listener.name.empty()) return;
  listener.name = lower_name(listener.protocol);
  listener.name += '-' + std::to_string(listener.port);
}

void complete_upstream(Upstream& upstream) {
  const bool is_tls = upstream.transport == UpstreamTransport::tls;
  for (Endpoint& endpoint : upstream.endpoints) {
    if (endpoint.port == 0) endpoint.port = is_tls ? dns_over_tls_port : dns_port;
  }
}

enum class Tls : bool { unused, used };

/// What chooses TLS.
struct TlsChoice {
  std::string key;    ///< protocol or transport
  std::string words;  ///< that do
};

void check_tls_section(Tls tls, const std::string& path, const TlsChoice& choice, Report& report) {
  if (!report.is_sound(join_path(path, choice.key))) return;
  const std::string section = path + ".tls";
  const bool is_written = report.was_written(section);
  if (tls == Tls::used && !is_written) {
    report.add(section, "is missing; " + choice.key + ' ' + choice.words + " needs it");
  } else if (tls == Tls::unused && is_written) {
    report.add(section, "is only for " + choice.key + ' ' + choice.words);
  }
}

void check_listener_protocol(const Listener& listener, const std::string& path, Report& report) {
  const bool is_http = listener.protocol == ListenerProtocol::https;
  if (is_encrypted(listener.protocol))
    check_tls_section(Tls::used, path, {"protocol", is_http ? "HTTPS" : "TLS"}, report);
  else
    check_tls_section(Tls::unused, path, {"protocol", "TLS or HTTPS"}, report);
  if (!is_http && report.was_written(path + ".path") && report.is_sound(path + ".protocol"))
    report.add(path + ".path", "is only for protocol HTTPS");
}

/// Two listeners cannot have the same name: metrics and identity could not tell them apart.
void check_listener_names(const std::vector<Listener>& listeners, Report& report) {
  std::map<std::string, std::string> owners;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const std::string path = join_path("listeners", i);
    if (!report.is_sound(path)) continue;
    const auto [owner, is_new] = owners.try_emplace(listeners[i].name, path);
    if (is_new) continue;
    const bool is_written = report.was_written(path + ".name");
    report.add(path + ".name",
               is_written ? "'" + listeners[i].name + "' is already the name of " + owner->second
                          : "the default name '" + listeners[i].name + "' is already that of " +
                                owner->second + "; give this listener a `name`");
  }
}

/// Whether enough of a listener was read to know its socket.
bool has_socket(const std::string& path, const Report& report) {
  return report.was_written(path + ".protocol") && report.is_sound(path + ".protocol") &&
         report.is_sound(path + ".address") && report.is_sound(path + ".port");
}

/// TCP, TLS and HTTPS share the kernel's ports.
void check_listener_sockets(const std::vector<Listener>& listeners, Report& report) {
  std::map<std::tuple<bool, std::string, std::uint16_t>, std::string> owners;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    const Listener& listener = listeners[i];
    const std::string path = join_path("listeners", i);
    if (listener.port == 0 || !has_socket(path, report)) continue;
    const bool is_udp = listener.protocol == ListenerProtocol::udp;
    const auto [owner, is_new] =
        owners.try_emplace({is_udp, listener.address, listener.port}, path);
    if (is_new) continue;
    report.add(path + ".port", std::string(is_udp ? "UDP" : "TCP") + " port " +
                                   std::to_string(listener.port) + " of " + listener.address +
                                   " is already taken by " + owner->second);
  }
}

void check_listeners(const std::vector<Listener>& listeners, Report& report) {
  // Sockets first: two listeners that are the same in everything are told as such.
  check_listener_sockets(listeners, report);
  check_listener_names(listeners, report);
  for (std::size_t i = 0; i < listeners.size(); ++i)
    check_listener_protocol(listeners[i], join_path("listeners", i), report);
}

void check_upstream_tls(const Upstream& upstream, const std::string& path, Report& report) {
  const bool is_tls = upstream.transport == UpstreamTransport::tls;
  const std::string server_name = path + ".tls.serverName";
  if (!is_tls || !report.is_sound(path + ".transport")) {
    check_tls_section(Tls::unused, path, {"transport", "TLS"}, report);
  } else if (upstream.tls.server_name.empty() && report.is_sound(path + ".tls")) {
    report.add(server_name,
               "is missing; transport TLS needs the name that the resolver's certificate must "
               "have: without it anybody's certificate would do");
  }
}

void check_upstreams(const std::vector<Upstream>& upstreams, Report& report) {
  std::map<std::string, std::string> owners;
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    const std::string path = join_path("upstreams", i);
    check_upstream_tls(upstreams[i], path, report);
    if (upstreams[i].name.empty()) continue;
    const auto [owner, is_new] = owners.try_emplace(upstreams[i].name, path);
    if (is_new) continue;
    report.add(path + ".name",
               "'" + upstreams[i].name + "' is already the name of " + owner->second);
  }
}

std::string no_such(const std::string& what, const std::string& name,
                    const std::vector<std::string>& known) {
  const std::string nearest = nearest_word(name, known);
  const std::string hint =
      nearest.empty() ? "expected " + enumerate(known) : "did you mean '" + nearest + "'?";
  return "there is no " + what + " '" + name + "'; " + hint;
}

template <typename Named>
std::vector<std::string> names_of(const std::vector<Named>& things) {
  std::vector<std::string> names;
  for (const Named& thing : things) {
    if (!thing.name.empty()) names.push_back(thing.name);
  }
  return names;
}

void check_default_upstream(const Settings& settings, Report& report) {
  if (settings.upstreams.empty() || !report.is_sound("upstreams")) return;
  if (!report.is_sound("defaultUpstream")) return;
  const std::vector<std::string> known = names_of(settings.upstreams);
  if (settings.default_upstream.empty()) {
    report.add("defaultUpstream",
               "is missing; with more than one upstream, say which takes what no policy sends "
               "elsewhere: " +
                   enumerate(known));
    return;
  }
  if (std::find(known.begin(), known.end(), settings.default_upstream) == known.end()) {
    report.add("defaultUpstream", no_such("upstream", settings.default_upstream, known));
  }
}

void check_listener_references(const StaticIdentity& entry, const std::string& path,
                               const std::vector<std::string>& known, Report& report) {
  if (!report.is_sound("listeners") || !report.is_sound(path)) return;
  for (std::size_t i = 0; i < entry.listeners.size(); ++i) {
    const std::string& name = entry.listeners[i];
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    report.add(join_path(path, i), no_such("listener", name, known));
  }
}

/// Whether a CIDR is one is left to who turns it into filters::Prefix: a second parser here could
/// disagree with that one. So the same network in two spellings is found there as well.
void check_static_entries(const Settings& settings, Report& report) {
  std::map<std::string, std::string> owners;
  const std::vector<std::string> known = names_of(settings.listeners);
  for (std::size_t i = 0; i < settings.identity.static_entries.size(); ++i) {
    const StaticIdentity& entry = settings.identity.static_entries[i];
    const std::string path = join_path("identity.static", i);
    if (entry.cidrs.empty() && entry.listeners.empty() && report.is_sound(path)) {
      report.add(path, "identifies nobody; expected at least one of `cidrs` and `listeners`");
    }
    check_listener_references(entry, path + ".listeners", known, report);
    if (!report.is_sound(path + ".cidrs")) continue;
    for (std::size_t j = 0; j < entry.cidrs.size(); ++j) {
      const auto [owner, is_new] = owners.try_emplace(entry.cidrs[j], path);
      if (is_new) continue;
      report.add(join_path(path + ".cidrs", j),
                 "'" + entry.cidrs[j] + "' is already in " + owner->second);
    }
  }
}

void check_unknown_client(const Settings& settings, Report& report) {
  if (settings.identity.unknown_client == UnknownClient::hold && !settings.kubernetes)
    report.add("identity.unknownClient",
               "'Hold' waits for what an API server tells, and there is none without `kubernetes`; "
               "expected Refuse or Baseline");
}

/// A sidecar has one client: whoever else is named could only be mistaken for it.
void check_own_pod(const Settings& settings, Report& report) {
  if (!settings.identity.pod) return;
  if (!settings.identity.static_entries.empty())
    report.add(
        "identity.static",
        "names clients, and `identity.pod` says that there is one only; leave out one of the "
        "two");
  if (settings.identity.certificates)
    report.add(
        "identity.certificates",
        "identifies clients, and `identity.pod` says that there is one only; leave out one of "
        "the two");
  if (settings.kubernetes && settings.kubernetes->pods != WatchedPods::none)
    report.add("kubernetes.pods",
               "'identity.pod' says who the only client is; expected None, which is the default "
               "with it");
}

void check_certificates(const Settings& settings, Report& report) {
  bool are_asked_for = false;
  for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
    const bool has_authority = !settings.listeners[i].tls.client_ca_file.empty();
    are_asked_for = are_asked_for || has_authority;
    const std::string path = join_path("listeners", i) + ".tls.clientCertificate";
    if (!has_authority && report.was_written(path))
      report.add(path,
                 "has no meaning without `clientCAFile`, which says whose certificates count");
  }
  const auto& names = settings.identity.certificates;
  if (!names || !report.is_sound("identity.certificates")) return;
  if (names->trust_domain.empty() && names->dns_names.empty())
    report.add("identity.certificates",
               "identifies nobody; expected at least one of `trustDomain` and `dnsNames`");
  if (!are_asked_for && report.is_sound("listeners"))
    report.add("identity.certificates",
               "identifies nobody, because no listener asks for certificates; expected "
               "`tls.clientCAFile` at one of them");
}

void check_policy_source(Report& report) {
  const bool has_directory = report.was_written("policies");
  const bool has_cluster = report.was_written("kubernetes");
  if (!has_directory && !has_cluster) {
    report.add("policies",
               "is missing; expected where policies come from, for example:\n"
               "  policies: {directory: policies/}\n"
               "or, in a cluster:\n"
               "  kubernetes: {}");
  }
  if (has_directory && has_cluster)
    report.add("kubernetes", "policies come from `policies` already; leave out one of the two");
}

}  // namespace

void complete(Settings& settings, const Report& report) {
  for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
    complete_listener(settings.listeners[i], join_path("listeners", i), report);
  }
  for (Upstream& upstream : settings.upstreams)
    complete_upstream(upstream);
  if (settings.default_upstream.empty() && settings.upstreams.size() == 1) {
    settings.default_upstream = settings.upstreams.front().name;
  }
  if (settings.identity.pod && settings.kubernetes && !report.was_written("kubernetes.pods"))
    settings.kubernetes->pods = WatchedPods::none;
}

void check(const Settings& settings, Report& report) {
  check_listeners(settings.listeners, report);
  check_upstreams(settings.upstreams, report);
  check_default_upstream(settings, report);
  check_static_entries(settings, report);
  check_policy_source(report);
  check_unknown_client(settings, report);
  check_own_pod(settings, report);
  check_certificates(settings, report);
}

}  // namespace sluice::config
