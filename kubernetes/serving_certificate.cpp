// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/serving_certificate.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <openssl/err.h>

#include "tls/certificate.hpp"
#include "tls/protocol.hpp"

namespace sluice::kubernetes {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::string about(const std::string& what, const std::string& problem) {
  return what + ": " + problem;
}

}  // namespace

CertificateSource certificate_files(const std::filesystem::path& certificate,
                                    const std::filesystem::path& private_key) {
  return {certificate.string(), private_key.string(), [certificate, private_key] {
            return CertificatePem{tls::read_pem_file(certificate), tls::read_pem_file(private_key)};
          }};
}

std::optional<std::string> ServingCertificate::refresh() {
  auto pem = source_.read();
  if (!pem || seen_ == pem) return std::nullopt;
  auto problem = use(*pem);
  seen_ = std::move(pem);
  return problem;
}

std::optional<std::string> ServingCertificate::use(const CertificatePem& pem) {
  if (!pem.certificate) return about(source_.certificate, "cannot be read");
  if (!pem.private_key) return about(source_.private_key, "cannot be read");
  ERR_clear_error();
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  tls::limit_protocol(*native);
  SSL_CTX_set_options(
      native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  error_code error;
  context->use_certificate_chain(boost::asio::buffer(*pem.certificate), error);
  if (error) return about(source_.certificate, "holds no certificate: " + error.message());
  context->use_private_key(boost::asio::buffer(*pem.private_key), ssl::context::pem, error);
  if (error) return about(source_.private_key, "is no key of that certificate: " + error.message());
  not_after_ = tls::not_after(SSL_CTX_get0_certificate(native));
  context_ = std::move(context);
  return std::nullopt;
}

}  // namespace sluice::kubernetes
