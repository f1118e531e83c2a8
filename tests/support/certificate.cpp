// SPDX-License-Identifier: Apache-2.0
#include "tests/support/certificate.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>  // NOLINT: mkdtemp is POSIX's

namespace sluice::tests {
namespace {

constexpr long day = 24L * 60 * 60;

void require(bool succeeded) {
  if (!succeeded) throw std::runtime_error(ERR_error_string(ERR_get_error(), nullptr));
}

void add_extension(X509& certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr);
  require(X509_add_ext(&certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// As it is, octets included that no honest certificate has.
void add_name(GENERAL_NAMES* names, int kind, const std::string& text) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_OCTET_STRING* address = kind == GEN_DNS ? a2i_IPADDRESS(text.c_str()) : nullptr;
  if (address != nullptr) {
    GENERAL_NAME_set0_value(name, GEN_IPADD, address);
  } else {
    ASN1_IA5STRING* value = ASN1_IA5STRING_new();
    require(ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) == 1);
    GENERAL_NAME_set0_value(name, kind, value);
  }
  require(sk_GENERAL_NAME_push(names, name) > 0);
}

void add_alternative_names(X509& certificate, const CertificateRequest& request) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      sk_GENERAL_NAME_new_null(), &GENERAL_NAMES_free);
  for (const std::string& name : request.names)
    add_name(names.get(), GEN_DNS, name);
  for (const std::string& uri : request.uris)
    add_name(names.get(), GEN_URI, uri);
  if (sk_GENERAL_NAME_num(names.get()) == 0) return;
  require(X509_add1_ext_i2d(&certificate, NID_subject_alt_name, names.get(), 0,
                            X509V3_ADD_DEFAULT) == 1);
}

template <typename Write>
void write_pem(const std::filesystem::path& file, Write&& write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "w"),
                                                            &std::fclose);
  if (!out) throw std::runtime_error("cannot write " + file.string());
  require(write(out.get()) == 1);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string path = std::filesystem::temp_directory_path() / "sluice-test-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  path_ = path;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryDirectory::write(const std::filesystem::path& name, const std::string& text) const {
  const auto target = path() / name;
  std::filesystem::create_directories(target.parent_path());
  const auto temporary = target.parent_path() / (".new-" + target.filename().string());
  std::ofstream(temporary) << text;
  std::filesystem::rename(temporary, target);
}

CertificateAuthority::CertificateAuthority(std::filesystem::path directory)
    : directory_(std::move(directory)), file_(directory_ / "ca.crt"), key_(make_key()) {
  std::filesystem::create_directories(directory_);
  certificate_ = make_certificate(*key_, "Sluice throw-away CA", Validity::now);
  require(X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get())) == 1);
  add_extension(*certificate_, certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(*certificate_, certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(*certificate_, certificate_.get(), NID_subject_key_identifier, "hash");
  sign(*certificate_);
  write_pem(file_, [&](std::FILE* out) { return PEM_write_X509(out, certificate_.get()); });
}

config::ServerTls CertificateAuthority::issue(const CertificateRequest& request) {
  const Key key = make_key();
  const Certificate made = make_certificate(
      *key, request.names.empty() ? "Sluice throw-away" : request.names.front(), request.validity);
  add_alternative_names(*made, request);
  if (request.is_authority)
    add_extension(*made, certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(*made, certificate_.get(), NID_ext_key_usage, request.purposes);
  sign(*made);
  const std::string stem = "issued-" + std::to_string(serial_);
  config::ServerTls files{directory_ / (stem + ".crt"), directory_ / (stem + ".key")};
  write_pem(files.certificate_file,
            [&](std::FILE* out) { return PEM_write_X509(out, made.get()); });
  write_pem(files.private_key_file, [&](std::FILE* out) {
    return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

CertificateAuthority::Key CertificateAuthority::make_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  return key;
}

CertificateAuthority::Certificate CertificateAuthority::make_certificate(
    EVP_PKEY& key, const std::string& common_name, Validity validity) {
  Certificate made(X509_new());
  require(made != nullptr);
  const long begin = validity == Validity::not_yet ? day : -2 * day;
  const long end = validity == Validity::expired ? -day : 30 * day;
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), begin);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), end);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());  // NOLINT
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text,
                                     -1, -1, 0) == 1);
  if (certificate_)
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get())) == 1);
  require(X509_set_pubkey(made.get(), &key) == 1);
  return made;
}

void CertificateAuthority::sign(X509& certificate) {
  require(X509_sign(&certificate, key_.get(), EVP_sha256()) > 0);
}

}  // namespace sluice::tests
