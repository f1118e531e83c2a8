// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/serving_certificate.hpp"

#include <ctime>
#include <fstream>
#include <iterator>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <openssl/err.h>
#include <openssl/x509.h>

namespace sluice::kubernetes {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

/// TLS 1.2 with forward secrecy and AEAD only (RFC 9325 4.2); 1.3 has nothing else.
constexpr const char* tls12_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
/// Beyond that it is no file of certificates.
constexpr std::streamsize max_file_size = 1 << 20;

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(max_file_size), '\0');
  if (!file || (!file.read(text.data(), max_file_size) && !file.eof())) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string about(const std::string& what, const std::string& problem) {
  return what + ": " + problem;
}

std::chrono::system_clock::time_point expiry_of(SSL_CTX* context) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  std::tm time{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1)
    return {};
  return std::chrono::system_clock::from_time_t(timegm(&time));
}

}  // namespace

CertificateSource certificate_files(const std::filesystem::path& certificate,
                                    const std::filesystem::path& private_key) {
  return {certificate.string(), private_key.string(), [certificate, private_key] {
            return CertificatePem{read_file(certificate), read_file(private_key)};
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
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, tls12_ciphers);
  SSL_CTX_set_options(
      native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  error_code error;
  context->use_certificate_chain(boost::asio::buffer(*pem.certificate), error);
  if (error) return about(source_.certificate, "holds no certificate: " + error.message());
  context->use_private_key(boost::asio::buffer(*pem.private_key), ssl::context::pem, error);
  if (error) return about(source_.private_key, "is no key of that certificate: " + error.message());
  not_after_ = expiry_of(native);
  context_ = std::move(context);
  return std::nullopt;
}

}  // namespace sluice::kubernetes
