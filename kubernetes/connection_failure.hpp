// SPDX-License-Identifier: Apache-2.0
// What the errors of sockets, TLS and HTTP mean to whoever made a request.
#pragma once

#include <string>

#include <boost/system/error_code.hpp>
#include <openssl/ssl.h>

#include "kubernetes/api_failure.hpp"

namespace sluice::kubernetes {

/// Of connecting, writing and reading.
ApiFailure connection_failure(const boost::system::error_code& error);

/// Of a handshake with a server that must be `name`; tells why its certificate was not taken.
ApiFailure handshake_failure(const boost::system::error_code& error, const SSL& session,
                             const std::string& name);

}  // namespace sluice::kubernetes
