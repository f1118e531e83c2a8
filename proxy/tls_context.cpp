// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls_context.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tls/openssl_error.hpp"
#include "tls/peer_name.hpp"
#include "tls/protocol.hpp"

namespace sluice::proxy {
namespace {

/// ALPN protocol of DNS over TLS (RFC 7858 8.2 has none; IANA registered "dot"), length first.
constexpr std::array<unsigned char, 4> alpn_dot{3, 'd', 'o', 't'};
constexpr std::array<unsigned char, 3> alpn_http2{2, 'h', '2'};
/// Room for two full records: a batch of pipelined messages arrives with one recv().
constexpr std::size_t read_buffer_size = 32768;
/// Authorities between a client's certificate and one that is trusted; a mesh has one or two.
constexpr int max_intermediates = 4;

TlsError error_about(const std::filesystem::path& file, const std::string& what) {
  const std::string reason = tls::take_openssl_error();
  return {what + " " + file.string() + ": " + (reason.empty() ? "unusable" : reason)};
}

/// What both sides have in common.
std::shared_ptr<SSL_CTX> make_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  tls::limit_protocol(*context);
  // A peer that closes without close_notify is as gone as one with it: messages carry their length.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), read_buffer_size);
  return context;
}

TlsSession new_session(SSL_CTX& context) {
  TlsSession session(SSL_new(&context));
  if (!session) throw std::bad_alloc();
  return session;
}

/// A client need not offer ALPN; one that offers others is not here for this (RFC 7301 3.2).
// NOLINTNEXTLINE(readability-function-size): OpenSSL says what its callbacks look like
int select_protocol(SSL* /*ssl*/, const unsigned char** selected, unsigned char* selected_size,
                    const unsigned char* offered, unsigned int offered_size, void* wanted) {
  auto* protocol = static_cast<unsigned char*>(wanted);
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, selected_size, protocol, protocol[0] + 1U,
                                          offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *selected = chosen;
  return SSL_TLSEXT_ERR_OK;
}

/// Asks clients for certificates. Their sessions are not resumed: a session would keep what its
/// certificate said beyond the certificate's end, and beyond a change of the authorities.
bool ask_for_certificates(SSL_CTX& context, const config::ServerTls& files) {
  const std::string file = files.client_ca_file.string();
  if (SSL_CTX_load_verify_file(&context, file.c_str()) != 1) return false;
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr) return false;
  SSL_CTX_set_client_CA_list(&context, names);
  const bool is_required = files.client_certificate == config::ClientCertificate::required;
  SSL_CTX_set_verify(
      &context, SSL_VERIFY_PEER | (is_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  SSL_CTX_set_verify_depth(&context, max_intermediates);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  return SSL_CTX_set_num_tickets(&context, 0) == 1 &&
         SSL_CTX_set_purpose(&context, X509_PURPOSE_SSL_CLIENT) == 1;
}

/// Takes over the session that the server gave: 1 tells OpenSSL so.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* resumption = static_cast<TlsResumption*>(SSL_get_app_data(ssl));
  if (resumption == nullptr) return 0;
  resumption->keep(session);
  return 1;
}

}  // namespace

void throw_exception_from_error(const TlsError& error, const boost::source_location& /*where*/) {
  throw std::logic_error("unchecked TlsError: " + error.text);
}

TlsResult<TlsServerContext> TlsServerContext::load(const config::ServerTls& files,
                                                   Application application) {
  ERR_clear_error();
  auto context = make_context(TLS_server_method());
  SSL_CTX_set_options(context.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
  // One ticket a handshake is enough for a client that comes back; the default of two costs time.
  SSL_CTX_set_num_tickets(context.get(), 1);
  constexpr std::array<unsigned char, 6> session_context{'s', 'l', 'u', 'i', 'c', 'e'};
  SSL_CTX_set_session_id_context(context.get(), session_context.data(), session_context.size());
  const unsigned char* protocol =
      application == Application::dot ? alpn_dot.data() : alpn_http2.data();
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol,
                             const_cast<unsigned char*>(protocol));  // NOLINT: OpenSSL's signature
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate_file.c_str()) != 1)
    return error_about(files.certificate_file, "certificate file");
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.private_key_file.c_str(),
                                  SSL_FILETYPE_PEM) != 1)
    return error_about(files.private_key_file, "private key file");
  if (!files.client_ca_file.empty() && !ask_for_certificates(*context, files))
    return error_about(files.client_ca_file, "client CA file");
  return TlsServerContext(std::move(context));
}

TlsSession TlsServerContext::make_session() const {
  TlsSession session = new_session(*context_);
  SSL_set_accept_state(session.get());
  return session;
}

TlsResult<TlsClientContext> TlsClientContext::load(const config::ClientTls& settings) {
  ERR_clear_error();
  auto context = make_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context.get(), keep_session);
  SSL_CTX_set_alpn_protos(context.get(), alpn_dot.data(), alpn_dot.size());
  if (settings.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context.get()) != 1)
      return TlsError{"system trust store: " + tls::take_openssl_error()};
  } else if (SSL_CTX_load_verify_file(context.get(), settings.ca_file.c_str()) != 1) {
    return error_about(settings.ca_file, "CA file");
  }
  return TlsClientContext(std::move(context));
}

TlsSession TlsClientContext::make_session(const std::string& name,
                                          TlsResumption& resumption) const {
  TlsSession session = new_session(*context_);
  SSL_set_connect_state(session.get());
  SSL_set_app_data(session.get(), &resumption);
  tls::require_peer_name(*session, name);
  if (resumption.get() != nullptr) SSL_set_session(session.get(), resumption.get());
  return session;
}

}  // namespace sluice::proxy
