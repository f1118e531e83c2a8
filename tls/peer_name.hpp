// SPDX-License-Identifier: Apache-2.0
// Whom a client's handshake is with. A certificate that a trusted authority gave to somebody else
// is as bad as none.
#pragma once

#include <string>

#include <openssl/ssl.h>

namespace sluice::tls {

/// Makes the handshake of `session` fail unless the peer's certificate has `name`, a DNS name or an
/// IP address, among its subject alternative names (RFC 9525). Names are sent as SNI too. Fails
/// closed: a name that cannot be checked is a name that no certificate has.
void require_peer_name(SSL& session, const std::string& name);

}  // namespace sluice::tls
