// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/credentials.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <openssl/err.h>

namespace sluice::kubernetes {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

/// The kubelet replaces a token after 80 % of a lifetime of ten minutes or more.
constexpr std::chrono::seconds token_lifetime{60};
/// An API server that is offered h2 takes it.
constexpr std::array<unsigned char, 9> alpn_http1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

ApiFailure unusable(std::string text) {
  return {.kind = FailureKind::credentials, .text = std::move(text)};
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view whitespace = " \t\r\n";
  const auto first = text.find_first_not_of(whitespace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(whitespace) - first + 1);
}

/// Anything else would end the header, or begin another one.
bool is_token(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string place_of(const Material& material, const char* name) {
  return material.file.empty() ? name : material.file.string();
}

/// The text of what was given: an empty file is not the absence of one.
ApiResult<std::string> read_given(const Material& material) {
  auto text = read_material(material);
  if (text && text->empty() && material.is_given())
    return unusable(material.file.string() + " is empty");
  return text;
}

/// OpenSSL finds nothing wrong with a text in which it finds no certificate.
bool has_authorities(SSL_CTX* context) {
  return sk_X509_OBJECT_num(X509_STORE_get0_objects(SSL_CTX_get_cert_store(context))) > 0;
}

boost::asio::const_buffer buffer_of(const std::string& text) {
  return boost::asio::buffer(text);
}

}  // namespace

ApiResult<std::string> Credentials::token(TimePoint now) {
  if (!access_.token.is_given()) return std::string();
  if (token_read_ && now - *token_read_ < token_lifetime) return token_;
  const auto text = read_material(access_.token);
  const std::string_view read = text ? trim(*text) : std::string_view();
  if (!read.empty() && is_token(read)) {
    token_ = read;
    token_read_ = now;
  }
  if (!token_.empty()) return token_;
  if (!text) return text.error();
  return unusable(place_of(access_.token, "the token") + " holds no token");
}

ApiResult<std::shared_ptr<ssl::context>> Credentials::tls_context() {
  auto pem = read_pem();
  if (pem && context_ != nullptr && *pem == pem_) return context_;
  auto made = pem ? make_context(*pem) : ApiResult<std::shared_ptr<ssl::context>>(pem.error());
  if (!made) return context_ != nullptr ? context_ : made;
  pem_ = *std::move(pem);
  context_ = *made;
  return context_;
}

ApiResult<Credentials::Pem> Credentials::read_pem() const {
  const auto ca = read_given(access_.ca);
  if (!ca) return ca.error();
  const auto certificate = read_given(access_.client_certificate);
  if (!certificate) return certificate.error();
  const auto key = read_given(access_.client_key);
  if (!key) return key.error();
  return Pem{*ca, *certificate, *key};
}

ApiResult<std::shared_ptr<ssl::context>> Credentials::make_context(const Pem& pem) {
  ERR_clear_error();
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_alpn_protos(context->native_handle(), alpn_http1.data(), alpn_http1.size());
  error_code error;
  context->set_verify_mode(ssl::verify_peer, error);
  if (pem.ca.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->add_certificate_authority(buffer_of(pem.ca), error);
  }
  if (error) return unusable("the CA certificate cannot be used: " + error.message());
  if (!pem.ca.empty() && !has_authorities(context->native_handle()))
    return unusable("the CA file holds no certificate");
  if (pem.certificate.empty()) return context;
  context->use_certificate_chain(buffer_of(pem.certificate), error);
  if (!error) context->use_private_key(buffer_of(pem.key), ssl::context::pem, error);
  if (error)
    return unusable("the client certificate or its key cannot be used: " + error.message());
  return context;
}

}  // namespace sluice::kubernetes
