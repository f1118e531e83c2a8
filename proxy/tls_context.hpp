// SPDX-License-Identifier: Apache-2.0
// OpenSSL contexts for the two sides of DNS over TLS (RFC 7858): what is offered, what is verified,
// how sessions are resumed. A context is immutable and shared by all its connections; a changed
// certificate means a new context for the connections to come.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/system/result.hpp>
#include <openssl/ssl.h>

#include "config/settings.hpp"
#include "tls/certificate.hpp"

namespace sluice::proxy {

/// What is wrong with a certificate, key or CA file: the file and OpenSSL's reason.
struct TlsError {
  std::string text;
};
template <typename T>
using TlsResult = boost::system::result<T, TlsError>;
[[noreturn]] void throw_exception_from_error(const TlsError& error,
                                             const boost::source_location& where);

struct SslDeleter {
  void operator()(SSL* ssl) const {
    // Without this OpenSSL takes the connection for a failed one and forgets its session.
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl);
  }
};
/// One connection's TLS state, not yet on a socket: see make_tls_stream().
using TlsSession = std::unique_ptr<SSL, SslDeleter>;

/// What is spoken inside of TLS, as ALPN has it.
enum class Application : std::uint8_t { dot, http2 };

/// The side that shows a certificate. Copies share one context. Threads may share it too: sessions
/// are then resumed whichever worker a client comes back to.
class TlsServerContext {
 public:
  static TlsResult<TlsServerContext> load(const config::ServerTls& files,
                                          Application application = Application::dot);
  [[nodiscard]] TlsSession make_session() const;
  /// When its certificate expires.
  [[nodiscard]] std::chrono::system_clock::time_point not_after() const {
    return tls::not_after(SSL_CTX_get0_certificate(context_.get()));
  }

 private:
  explicit TlsServerContext(std::shared_ptr<SSL_CTX> context) : context_(std::move(context)) {}
  std::shared_ptr<SSL_CTX> context_;
};

/// The newest session that a server gave out for resumption. One per endpoint of an upstream: a
/// resumed session is not verified again, so it must never be offered under another name.
class TlsResumption {
 public:
  void keep(SSL_SESSION* session) { session_.reset(session); }
  void forget() { session_.reset(); }
  [[nodiscard]] SSL_SESSION* get() const { return session_.get(); }

 private:
  struct SessionDeleter {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  std::unique_ptr<SSL_SESSION, SessionDeleter> session_;
};

/// The side that verifies, always: a handshake with a peer whose chain, dates or name do not check
/// fails before a byte of data is sent.
class TlsClientContext {
 public:
  static TlsResult<TlsClientContext> load(const config::ClientTls& settings);
  /// `name` is the DNS name or IP address that the certificate must have. `resumption` outlives the
  /// session.
  [[nodiscard]] TlsSession make_session(const std::string& name, TlsResumption& resumption) const;

 private:
  explicit TlsClientContext(std::shared_ptr<SSL_CTX> context) : context_(std::move(context)) {}
  std::shared_ptr<SSL_CTX> context_;
};

}  // namespace sluice::proxy
