// SPDX-License-Identifier: Apache-2.0
// From settings to an upstream.
#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "config/settings.hpp"
#include "proxy/counters.hpp"
#include "proxy/tls_context.hpp"
#include "proxy/upstream.hpp"

namespace sluice::proxy {

/// The upstream that the settings describe, for the worker that runs `context`. Handler and
/// counters outlive it. Fails when its CA file cannot be used.
TlsResult<std::unique_ptr<Upstream>> make_upstream(boost::asio::io_context& context,
                                                   const config::Upstream& settings,
                                                   UpstreamHandler& handler,
                                                   UpstreamCounters& counters);

}  // namespace sluice::proxy
