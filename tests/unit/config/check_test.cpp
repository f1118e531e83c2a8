// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/config/bad_settings.hpp"

using namespace sluice::config;

namespace {

const std::vector<BadCase> bad_listeners = {
    {"an empty list entry",
     "listeners:\n-\n- {protocol: UDP}\n",
     {":1: listeners[0]: expected a mapping, found nothing"}},
    {"TLS without certificate",
     "listeners: [{protocol: TLS}]\n",
     {":1: listeners[0].tls: is missing; protocol TLS needs it"}},
    {"a certificate without TLS",
     "listeners: [{protocol: UDP, tls: {certificateFile: a, privateKeyFile: b}}]\n",
     {":1: listeners[0].tls: is only for protocol TLS or HTTPS"}},
    {"HTTPS without certificate",
     "listeners: [{protocol: HTTPS}]\n",
     {":1: listeners[0].tls: is missing; protocol HTTPS needs it"}},
    {"a path without HTTPS",
     "listeners: [{protocol: TCP, path: /dns-query}]\n",
     {":1: listeners[0].path: is only for protocol HTTPS"}},
    {"a path that is none",
     "listeners: [{protocol: HTTPS, path: dns, tls: {certificateFile: a, privateKeyFile: b}}]\n",
     {":1: listeners[0].path: expected a path such as /dns-query: '/', letters, digits, '-', '.', "
      "'_' and '~', found the string 'dns'"}},
    {"two listeners of one name",
     "listeners:\n- {name: x, protocol: UDP}\n- {name: x, protocol: TCP}\n",
     {":3: listeners[1].name: 'x' is already the name of listeners[0]"}},
    {"two listeners of one default name",
     "listeners:\n- {protocol: UDP, address: 127.0.0.1}\n- {protocol: UDP, address: '::1'}\n",
     {":3: listeners[1].name: the default name 'udp-53' is already that of listeners[0]; give this "
      "listener a `name`"}},
    {"a name that is another's default",
     "listeners:\n- {protocol: UDP}\n- {name: udp-53, protocol: TCP}\n",
     {":3: listeners[1].name: 'udp-53' is already the name of listeners[0]"}},
    {"two listeners on one socket",
     "listeners:\n- {name: x, protocol: UDP, port: 5353}\n- {name: y, protocol: UDP, port: 5353}\n",
     {":3: listeners[1].port: UDP port 5353 of 127.0.0.1 is already taken by listeners[0]"}},
    {"TCP and TLS on one socket",
     "listeners:\n- {protocol: TCP, port: 853}\n- {protocol: TLS, tls: {certificateFile: a, "
     "privateKeyFile: b}}\n",
     {":3: listeners[1].port: TCP port 853 of 127.0.0.1 is already taken by listeners[0]"}},
};

const std::vector<BadCase> bad_upstreams = {
    {"TLS without a name to check",
     "upstreams: [{name: a, transport: TLS, endpoints: [{address: 10.0.0.10}]}]\n",
     {":1: upstreams[0].tls.serverName: is missing; transport TLS needs the name that the "
      "resolver's certificate must have: without it anybody's certificate would do"}},
    {"TLS with authorities but without a name to check",
     "upstreams:\n- name: a\n  transport: TLS\n  endpoints: [{address: 10.0.0.10}]\n  tls: "
     "{caFile: ca.crt}\n",
     {":5: upstreams[0].tls.serverName: is missing; transport TLS needs the name that the "
      "resolver's certificate must have: without it anybody's certificate would do"}},
    {"TLS settings without TLS",
     "upstreams: [{name: a, endpoints: [{address: 10.0.0.10}], tls: {caFile: a}}]\n",
     {":1: upstreams[0].tls: is only for transport TLS"}},
    {"two upstreams of one name",
     "upstreams:\n- {name: a, endpoints: [{address: 10.0.0.10}]}\n- {name: a, endpoints: "
     "[{address: 10.0.0.11}]}\ndefaultUpstream: a\n",
     {":3: upstreams[1].name: 'a' is already the name of upstreams[0]"}},
    {"two upstreams without default",
     "upstreams:\n- {name: a, endpoints: [{address: 10.0.0.10}]}\n- {name: b, endpoints: "
     "[{address: 10.0.0.11}]}\n",
     {": defaultUpstream: is missing; with more than one upstream, say which takes what no policy "
      "sends elsewhere: a or b"}},
};

const std::vector<BadCase> bad_references = {
    {"a static entry without addresses or listeners",
     "identity: {static: [{namespace: shop}]}\n",
     {":4: identity.static[0]: identifies nobody; expected at least one of `cidrs` and "
      "`listeners`"}},
    {"a static entry with a listener that is not there",
     "identity: {static: [{namespace: shop, listeners: [udp-35]}]}\n",
     {":4: identity.static[0].listeners[0]: there is no listener 'udp-35'; did you mean "
      "'udp-53'?"}},
    {"a static entry with quite another listener",
     "identity: {static: [{namespace: shop, listeners: [checkout]}]}\n",
     {":4: identity.static[0].listeners[0]: there is no listener 'checkout'; expected udp-53"}},
    {"the same CIDR for two tenants",
     "identity:\n  static:\n  - {namespace: shop, cidrs: [10.0.0.0/8]}\n  - {namespace: pay, "
     "cidrs: [10.1.0.0/16, 10.0.0.0/8]}\n",
     {":7: identity.static[1].cidrs[1]: '10.0.0.0/8' is already in identity.static[0]"}},
    {"a default upstream that is misspelt",
     "defaultUpstream: b\n",
     {":4: defaultUpstream: there is no upstream 'b'; expected a"}},
    {"a default upstream that is not there",
     "defaultUpstream: cluster\n",
     {":4: defaultUpstream: there is no upstream 'cluster'; expected a"}},
};

const std::vector<BadCase> bad_sidecars = {
    {"a pod without labels",
     "identity: {pod: {namespaceFile: namespace}}\npolicies: {directory: p}\n",
     {":3: identity.pod.labelsFile: is missing; expected a path"}},
    {"a pod and others",
     "identity:\n  pod: {labelsFile: labels}\n  static: [{namespace: shop, cidrs: [10.0.0.0/8]}]\n"
     "policies: {directory: p}\n",
     {":5: identity.static: names clients, and `identity.pod` says that there is one only; leave "
      "out "
      "one of the two"}},
    {"a pod and the pods of the node",
     "identity: {pod: {labelsFile: labels}}\nkubernetes: {pods: Node}\n",
     {":4: kubernetes.pods: 'identity.pod' says who the only client is; expected None, which is "
      "the "
      "default with it"}},
};

const std::string expected_pattern =
    "expected a name in lower case with exactly one label {namespace}, such as "
    "*.{namespace}.svc.cluster.local; the label * stands for any one label, found the string ";
const std::string mutual_tls =
    "{protocol: TLS, tls: {certificateFile: c, privateKeyFile: k, clientCAFile: ca}}";

const std::vector<BadCase> bad_certificates = {
    {"whether clients need a certificate, without saying whose",
     "listeners: [{protocol: TLS, tls: {certificateFile: c, privateKeyFile: k, clientCertificate: "
     "Optional}}]\n",
     {":3: listeners[0].tls.clientCertificate: has no meaning without `clientCAFile`, which says "
      "whose certificates count"}},
    {"certificates that nobody asks for",
     good_listeners + "identity: {certificates: {trustDomain: cluster.local}}\n",
     {":4: identity.certificates: identifies nobody, because no listener asks for certificates; "
      "expected `tls.clientCAFile` at one of them"}},
    {"certificates that name nobody",
     "listeners: [" + mutual_tls + "]\nidentity: {certificates: {}}\n",
     {":4: identity.certificates: identifies nobody; expected at least one of `trustDomain` and "
      "`dnsNames`"}},
    {"a trust domain that is a URI",
     "listeners: [" + mutual_tls + "]\nidentity: {certificates: {trustDomain: 'spiffe://a'}}\n",
     {":4: identity.certificates.trustDomain: expected a trust domain such as cluster.local: "
      "lower-case letters, digits, '.', '-' and '_', without spiffe://, found the string "
      "'spiffe://a'"}},
    {"patterns that are none",
     "listeners: [" + mutual_tls +
         "]\nidentity: {certificates: {dnsNames: ['a.b', '{namespace}.{namespace}', "
         "'x-{namespace}.b', 'A.{namespace}']}}\n",
     {":4: identity.certificates.dnsNames[0]: " + expected_pattern + "'a.b'",
      ":4: identity.certificates.dnsNames[1]: " + expected_pattern + "'{namespace}.{namespace}'",
      ":4: identity.certificates.dnsNames[2]: " + expected_pattern + "'x-{namespace}.b'",
      ":4: identity.certificates.dnsNames[3]: " + expected_pattern + "'A.{namespace}'"}},
    {"certificates in a sidecar",
     "listeners: [" + mutual_tls +
         "]\nidentity: {pod: {labelsFile: labels}, certificates: {trustDomain: a}}\n",
     {":4: identity.certificates: identifies clients, and `identity.pod` says that there is one "
      "only; leave out one of the two"}},
};

std::optional<Settings> load(const std::string& text) {
  Diagnostics diagnostics;
  auto settings = load_settings(text, "sluice.yaml", diagnostics);
  for (const Diagnostic& diagnostic : diagnostics)
    FAIL_CHECK(to_text(diagnostic));
  return settings;
}

}  // namespace

TEST_CASE("listeners must be told apart and have certificates exactly with TLS",
          "[config][check]") {
  check_bad_cases(bad_listeners, {"", good_upstreams + good_policies});
}

TEST_CASE("upstreams must be told apart and be verified exactly with TLS", "[config][check]") {
  check_bad_cases(bad_upstreams, {"", good_listeners + good_policies});
}

TEST_CASE("names must refer to something and addresses to one tenant", "[config][check]") {
  check_bad_cases(bad_references, {good_listeners + good_upstreams + good_policies, ""});
}

TEST_CASE("a sidecar has one client", "[config][check]") {
  check_bad_cases(bad_sidecars, {good_listeners + good_upstreams, ""});
  const auto settings = load(good_listeners + good_upstreams +
                             "identity: {pod: {labelsFile: labels}}\nkubernetes: {}\n");
  REQUIRE(settings);
  CHECK(settings->kubernetes->pods == WatchedPods::none);
  CHECK(settings->identity.pod->namespace_file.empty());
}

TEST_CASE("certificates of clients must be asked for and mean something", "[config][check]") {
  check_bad_cases(bad_certificates, {good_upstreams + good_policies, ""});
  const auto settings =
      load(good_upstreams + good_policies + "listeners: [" + mutual_tls +
           "]\nidentity: {certificates: {dnsNames: ['*.{namespace}.svc', '{namespace}']}}\n");
  REQUIRE(settings);
  CHECK(settings->listeners[0].tls.client_ca_file == "ca");
  CHECK(settings->listeners[0].tls.client_certificate == ClientCertificate::required);
  CHECK(settings->identity.certificates->dns_names.size() == 2);
}

TEST_CASE("ports and names follow from the protocol", "[config][check]") {
  const auto settings = load(
      "listeners:\n"
      "- {protocol: UDP}\n"
      "- {protocol: TCP, port: 5353}\n"
      "- {protocol: TLS, tls: {certificateFile: a, privateKeyFile: b}}\n"
      "- {name: mine, protocol: TLS, port: 53, tls: {certificateFile: a, privateKeyFile: b}}\n"
      "- {protocol: TCP, port: 0}\n"
      "- {protocol: HTTPS, tls: {certificateFile: a, privateKeyFile: b}}\n" +
      good_upstreams + good_policies);
  REQUIRE(settings.has_value());
  std::vector<std::string> names;
  for (const Listener& listener : settings->listeners)
    names.push_back(listener.name);
  CHECK(names ==
        std::vector<std::string>{"udp-53", "tcp-5353", "tls-853", "mine", "tcp-0", "https-443"});
  CHECK(settings->listeners[2].port == 853);
  CHECK(settings->listeners[3].port == 53);
  CHECK(settings->listeners[5].path == "/dns-query");
}

TEST_CASE("port 0 may stand in any number of listeners", "[config][check]") {
  CHECK(load("listeners: [{name: a, protocol: UDP, port: 0}, {name: b, protocol: UDP, port: 0}]\n" +
             good_upstreams + good_policies)
            .has_value());
}

TEST_CASE("UDP and TCP share a port", "[config][check]") {
  CHECK(load("listeners: [{protocol: UDP}, {protocol: TCP}]\n" + good_upstreams + good_policies)
            .has_value());
}

TEST_CASE("an endpoint's port follows from the transport", "[config][check]") {
  const auto settings = load(
      "upstreams:\n"
      "- {name: a, endpoints: [{address: 10.0.0.1}, {address: 10.0.0.2, port: 5353}]}\n"
      "- {name: b, transport: TLS, tls: {serverName: b.example}, endpoints: [{address: b.example}, "
      "{address: '::1', port: 53}]}\n"
      "defaultUpstream: b\n" +
      good_listeners + good_policies);
  REQUIRE(settings.has_value());
  CHECK(settings->upstreams[0].endpoints[0].port == 53);
  CHECK(settings->upstreams[0].endpoints[1].port == 5353);
  CHECK(settings->upstreams[1].endpoints[0].port == 853);
  CHECK(settings->upstreams[1].endpoints[1].port == 53);
  CHECK(settings->default_upstream == "b");
}
