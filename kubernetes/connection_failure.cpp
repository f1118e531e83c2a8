// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/connection_failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <openssl/x509_vfy.h>

namespace sluice::kubernetes {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

FailureKind kind_of(const error_code& error) {
  if (error == boost::beast::error::timeout) return FailureKind::timeout;
  if (error == boost::asio::error::connection_refused ||
      error == boost::asio::error::host_unreachable ||
      error == boost::asio::error::network_unreachable)
    return FailureKind::refused;
  const bool has_ended =
      error == http::error::end_of_stream || error == http::error::partial_message;
  if (error.category() == http::make_error_code(http::error::bad_version).category() && !has_ended)
    return FailureKind::invalid;
  return FailureKind::lost;
}

}  // namespace

ApiFailure connection_failure(const error_code& error) {
  return {.kind = kind_of(error), .text = "the API server: " + error.message()};
}

ApiFailure handshake_failure(const error_code& error, const SSL& session, const std::string& name) {
  if (error.category() != boost::asio::error::get_ssl_category()) return connection_failure(error);
  const long verified = SSL_get_verify_result(&session);
  std::string text = "TLS with the API server " + name + ": ";
  text += verified == X509_V_OK ? error.message() : X509_verify_cert_error_string(verified);
  return {.kind = FailureKind::tls, .text = std::move(text)};
}

}  // namespace sluice::kubernetes
