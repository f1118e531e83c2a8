// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_upstream.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {
namespace {

using filters::UpstreamSpec;

const std::string head =
    "apiVersion: sluice.dev/v1alpha1\nkind: DNSUpstream\nmetadata: {name: corp}\n";

const std::string full = head + R"(spec:
  transport: TLS
  endpoints: [{address: 192.0.2.1, port: 8853}, {address: "2001:db8::1"}]
  policy: RoundRobin
  timeoutMilliseconds: 250
  tls: {serverName: dns.corp.example, caBundleRef: {name: corp-ca, key: bundle.pem}}
)";

}  // namespace

TEST_CASE("every field of a DNSUpstream is decoded", "[crds][dns_upstream]") {
  CHECK(unused_fields(spec_schema("DNSUpstream"), full) == std::set<std::string>{});
  CHECK(read_one<UpstreamSpec>(full) ==
        UpstreamSpec{.name = "corp",
                     .transport = UpstreamSpec::Transport::tls,
                     .endpoints = {{"192.0.2.1", 8853}, {"2001:db8::1", 853}},
                     .policy = UpstreamSpec::Policy::round_robin,
                     .timeout = std::chrono::milliseconds(250),
                     .server_name = "dns.corp.example",
                     .ca_bundle_name = "corp-ca",
                     .ca_bundle_key = "bundle.pem"});
}

TEST_CASE("defaults of a DNSUpstream are those of the engine", "[crds][dns_upstream]") {
  const auto upstream =
      read_one<UpstreamSpec>(head + "spec: {transport: TCP, endpoints: [{address: 192.0.2.1}]}\n");
  CHECK(upstream.transport == UpstreamSpec::Transport::tcp);
  CHECK(upstream.endpoints[0].port == 53);
  CHECK(upstream.policy == UpstreamSpec().policy);
  CHECK(upstream.timeout == UpstreamSpec().timeout);
  CHECK(upstream.ca_bundle_name.empty());
  const auto tls =
      read_one<UpstreamSpec>(head +
                             "spec: {transport: TLS, endpoints: [{address: 192.0.2.1}], "
                             "tls: {serverName: dns.example, caBundleRef: {name: ca}}}\n");
  CHECK(tls.ca_bundle_key == "ca.crt");
}

}  // namespace sluice::crds
