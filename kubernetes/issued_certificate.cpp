// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/issued_certificate.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "tls/certificate.hpp"
#include "tls/openssl_error.hpp"

namespace sluice::kubernetes {
namespace {

template <typename T, void (*free)(T*)>
struct Deleter {
  void operator()(T* object) const { free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION, X509_EXTENSION_free>>;
using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE, X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX, X509_STORE_CTX_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO, BIO_free_all>>;

/// Clocks of nodes differ by seconds; one that was never set by more than this is hopeless.
constexpr std::chrono::hours slow_clocks{1};
/// RFC 5280 4.1.2.2 allows 20 octets, whose first bit is 0.
constexpr std::size_t serial_size = 16;

void require(bool succeeded) {
  if (!succeeded) throw std::runtime_error("OpenSSL: " + tls::take_openssl_error());
}

bool is_address(const std::string& name) {
  boost::system::error_code error;
  (void)boost::asio::ip::make_address(name, error);
  return !error;
}

Bio memory_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

template <typename Write>
std::string to_pem(const Write& write) {
  const Bio memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr && write(memory.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string to_pem(X509& certificate) {
  return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, &certificate); });
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  return key;
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension != nullptr && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

void set_serial(X509& certificate) {
  std::array<unsigned char, serial_size> octets{};
  require(RAND_bytes(octets.data(), serial_size) == 1);
  octets.front() &= 0x7fU;
  BIGNUM* number = BN_bin2bn(octets.data(), serial_size, nullptr);
  require(number != nullptr);
  const bool is_set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(&certificate)) != nullptr;
  BN_free(number);
  require(is_set);
}

struct Validity {
  WallTime from;
  WallTime to;
};

Certificate make_certificate(EVP_PKEY& key, const std::string& common_name, Validity validity) {
  Certificate made(X509_new());
  require(made != nullptr);
  require(X509_set_version(made.get(), X509_VERSION_3) == 1);
  set_serial(*made);
  using Clock = std::chrono::system_clock;
  require(ASN1_TIME_set(X509_getm_notBefore(made.get()), Clock::to_time_t(validity.from)));
  require(ASN1_TIME_set(X509_getm_notAfter(made.get()), Clock::to_time_t(validity.to)));
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());  // NOLINT
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text,
                                     -1, -1, 0) == 1);
  require(X509_set_pubkey(made.get(), &key) == 1);
  return made;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& key) {
  require(X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)) == 1);
  require(X509_sign(&certificate, &key, EVP_sha256()) > 0);
}

Certificate make_authority(EVP_PKEY& key, Validity validity) {
  Certificate authority = make_certificate(key, "Sluice webhook authority", validity);
  add_extension(*authority, *authority, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*authority, *authority, NID_key_usage, "critical,keyCertSign");
  // How two authorities of the same name are told apart (RFC 5280 4.2.1.1).
  add_extension(*authority, *authority, NID_subject_key_identifier, "hash");
  sign(*authority, *authority, key);
  return authority;
}

Certificate read_certificate(BIO& in) {
  return Certificate(PEM_read_bio_X509(&in, nullptr, nullptr, nullptr));
}

/// Everything until the first thing that is no certificate.
std::vector<Certificate> read_certificates(const std::string& pem) {
  std::vector<Certificate> certificates;
  const Bio in = memory_of(pem);
  while (in != nullptr) {
    Certificate next = read_certificate(*in);
    if (next == nullptr) break;
    certificates.push_back(std::move(next));
  }
  (void)tls::take_openssl_error();  // that there are no more
  return certificates;
}

bool has_key(X509& certificate, const std::string& pem) {
  const Bio in = memory_of(pem);
  if (in == nullptr) return false;
  const Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  return key != nullptr && X509_check_private_key(&certificate, key.get()) == 1;
}

bool is_trusted(X509& certificate, X509_STORE& store, const std::string& server_name,
                WallTime now) {
  const StoreContext context(X509_STORE_CTX_new());
  if (context == nullptr) return false;
  if (X509_STORE_CTX_init(context.get(), &store, &certificate, nullptr) != 1) return false;
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(now));
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const bool is_ready =
      X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) == 1 &&
      (is_address(server_name)
           ? X509_VERIFY_PARAM_set1_ip_asc(parameters, server_name.c_str()) == 1
           : X509_VERIFY_PARAM_set1_host(parameters, server_name.c_str(), 0) == 1);
  return is_ready && X509_verify_cert(context.get()) == 1;
}

}  // namespace

IssuedCertificate issue_certificate(const std::string& server_name, WallTime now,
                                    WallTime not_after) {
  const Validity validity{now - slow_clocks, not_after};
  const Key authority_key = make_key();
  const Certificate authority = make_authority(*authority_key, validity);
  const Key key = make_key();
  const Certificate made = make_certificate(*key, "Sluice webhook", validity);
  add_extension(*made, *authority, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*made, *authority, NID_key_usage, "critical,digitalSignature");
  add_extension(*made, *authority, NID_ext_key_usage, "serverAuth");
  add_extension(*made, *authority, NID_authority_key_identifier, "keyid:always");
  add_extension(*made, *authority, NID_subject_alt_name,
                (is_address(server_name) ? "IP:" : "DNS:") + server_name);
  sign(*made, *authority, *authority_key);
  const auto private_key = to_pem([&](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return {.authority = to_pem(*authority), .pair = {to_pem(*made), private_key}};
}

std::optional<WallTime> good_until(const KeyPair& pair, const std::string& authorities,
                                   const std::string& server_name, WallTime now) {
  const auto certificates = read_certificates(pair.certificate);
  const Store store(X509_STORE_new());
  if (certificates.empty() || store == nullptr) return std::nullopt;
  for (const Certificate& authority : read_certificates(authorities))
    X509_STORE_add_cert(store.get(), authority.get());
  X509& certificate = *certificates.front();
  const bool is_good =
      has_key(certificate, pair.private_key) && is_trusted(certificate, *store, server_name, now);
  (void)tls::take_openssl_error();
  if (!is_good) return std::nullopt;
  return tls::not_after(&certificate);
}

std::vector<std::string> current_certificates(const std::string& pem, WallTime now) {
  std::vector<std::string> current;
  for (const Certificate& certificate : read_certificates(pem)) {
    if (tls::not_after(certificate.get()) > now) current.push_back(to_pem(*certificate));
  }
  return current;
}

}  // namespace sluice::kubernetes
