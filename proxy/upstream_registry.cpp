// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_registry.hpp"

#include <algorithm>

namespace sluice::proxy {
namespace {

config::UpstreamTransport transport_of(const filters::UpstreamSpec& spec) {
  switch (spec.transport) {
    case filters::UpstreamSpec::Transport::udp:
      return config::UpstreamTransport::udp;
    case filters::UpstreamSpec::Transport::tcp:
      return config::UpstreamTransport::tcp;
    case filters::UpstreamSpec::Transport::tls:
      break;
  }
  return config::UpstreamTransport::tls;
}

std::vector<std::string> names_of(const config::Settings& settings) {
  std::vector<std::string> names;
  for (const config::Upstream& upstream : settings.upstreams)
    names.push_back(upstream.name);
  return names;
}

}  // namespace

UpstreamRegistry::UpstreamRegistry(const config::Settings& settings)
    : names_(names_of(settings)), default_number_(assign(settings.default_upstream)) {}

std::uint16_t UpstreamRegistry::assign(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::uint16_t>(found - names_.begin());
  if (names_.size() < max_upstreams) names_.emplace_back(name);
  return static_cast<std::uint16_t>(names_.size() - 1);
}

std::vector<std::string> UpstreamRegistry::names() const {
  const std::scoped_lock lock(mutex_);
  return names_;
}

config::Upstream to_settings(const filters::UpstreamSpec& spec,
                             const std::filesystem::path& ca_bundle_directory) {
  config::Upstream upstream;
  upstream.name = spec.name;
  upstream.transport = transport_of(spec);
  for (const auto& endpoint : spec.endpoints)
    upstream.endpoints.push_back({endpoint.address, endpoint.port});
  upstream.policy = spec.policy == filters::UpstreamSpec::Policy::sequential
                        ? config::UpstreamPolicy::sequential
                        : config::UpstreamPolicy::round_robin;
  upstream.attempt_timeout = spec.timeout;
  upstream.tls.server_name = spec.server_name;
  if (!spec.ca_bundle_name.empty())
    upstream.tls.ca_file = ca_bundle_directory / spec.ca_bundle_name / spec.ca_bundle_key;
  return upstream;
}

}  // namespace sluice::proxy
