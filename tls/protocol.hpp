// SPDX-License-Identifier: Apache-2.0
// Which TLS we speak, on all sides.
#pragma once

#include <openssl/ssl.h>

namespace sluice::tls {

/// TLS 1.3, and 1.2 with forward secrecy and AEAD only (RFC 9325 4.2).
inline void limit_protocol(SSL_CTX& context) {
  SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20");
}

}  // namespace sluice::tls
