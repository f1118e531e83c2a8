// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_upstream.hpp"

#include "crds/enumeration.hpp"
#include "crds/matcher_decoder.hpp"
#include "crds/schemas.hpp"

namespace sluice::crds {
namespace {

using filters::UpstreamSpec;
using Transport = UpstreamSpec::Transport;

constexpr std::array transports = {
    Word{"UDP", Transport::udp},
    Word{"TCP", Transport::tcp},
    Word{"TLS", Transport::tls},
};
constexpr std::array policies = {
    Word{"Sequential", UpstreamSpec::Policy::sequential},
    Word{"RoundRobin", UpstreamSpec::Policy::round_robin},
};

UpstreamSpec::Endpoint decode_endpoint(const Field& field, Transport transport) {
  // RFC 1035 4.2 and RFC 7858 3.1.
  const std::int64_t usual = transport == Transport::tls ? 853 : 53;
  return {field.child("address").text().value_or(""),
          static_cast<std::uint16_t>(field.child("port").integer().value_or(usual))};
}

void decode_tls(const Field& tls, UpstreamSpec& upstream) {
  const Field server_name = tls.child("serverName");
  decode_name(server_name);
  upstream.server_name = server_name.text().value_or("");
  const Field bundle = tls.child("caBundleRef");
  upstream.ca_bundle_name = bundle.child("name").text().value_or("");
  upstream.ca_bundle_key = bundle.child("key").text().value_or("");
}

}  // namespace

UpstreamSpec decode_dns_upstream(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(spec_schema("DNSUpstream"), spec);

  UpstreamSpec upstream;
  upstream.name = metadata.name;
  const auto transport = decode_word(spec.child("transport"), transports);
  upstream.transport = transport.value_or(Transport::udp);
  for (const Field& endpoint : spec.child("endpoints").items()) {
    upstream.endpoints.push_back(decode_endpoint(endpoint, upstream.transport));
  }
  upstream.policy =
      decode_word(spec.child("policy"), policies).value_or(UpstreamSpec::Policy::sequential);
  upstream.timeout =
      std::chrono::milliseconds(spec.child("timeoutMilliseconds").integer().value_or(0));
  const Field tls = spec.child("tls");
  if (tls.is_present()) decode_tls(tls, upstream);
  if (transport && (*transport == Transport::tls) != tls.is_defined())
    spec.reject("must have `tls` if and only if `transport` is 'TLS'");
  return upstream;
}

}  // namespace sluice::crds
