// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_factory.hpp"

#include <utility>

#include "proxy/dot_upstream.hpp"
#include "proxy/host_resolver.hpp"
#include "proxy/plain_upstream.hpp"

namespace sluice::proxy {

TlsResult<std::unique_ptr<Upstream>> make_upstream(boost::asio::io_context& context,
                                                   const config::Upstream& settings,
                                                   UpstreamHandler& handler,
                                                   UpstreamCounters& counters) {
  if (settings.transport != config::UpstreamTransport::tls)
    return std::make_unique<PlainUpstream>(context, settings, handler, counters);
  auto tls = TlsClientContext::load(settings.tls);
  if (!tls) return TlsError{"upstream " + settings.name + ": " + tls.error().text};
  return std::make_unique<DotUpstream>(context, DotSettings{settings, std::move(*tls)}, handler,
                                       counters);
}

}  // namespace sluice::proxy
