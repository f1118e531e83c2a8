// SPDX-License-Identifier: Apache-2.0
#include "tls/peer_name.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace sluice::tls {
namespace {

bool is_ip_address(const std::string& name) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
  ASN1_OCTET_STRING_free(address);
  ERR_clear_error();
  return address != nullptr;
}

/// False when the name is not one; the handshake must then not be made.
bool set_peer_name(SSL& session, const std::string& name) {
  if (name.empty()) return false;
  X509_VERIFY_PARAM* parameters = SSL_get0_param(&session);
  if (is_ip_address(name)) return X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(
      parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return SSL_set1_host(&session, name.c_str()) == 1 &&
         SSL_set_tlsext_host_name(&session, name.c_str()) == 1;
}

int refuse_every_certificate(int /*preverified*/, X509_STORE_CTX* store) {
  X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

}  // namespace

void require_peer_name(SSL& session, const std::string& name) {
  if (!set_peer_name(session, name))
    SSL_set_verify(&session, SSL_VERIFY_PEER, refuse_every_certificate);
}

}  // namespace sluice::tls
