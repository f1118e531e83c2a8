// SPDX-License-Identifier: Apache-2.0
#include "tls/certificate.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <memory>
#include <string_view>

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace sluice::tls {
namespace {

/// Beyond that it is no file of certificates.
constexpr std::streamsize max_file_size = 1 << 20;

/// The extensions are decoded, and kept, when one is asked for: OpenSSL's signature is not const.
bool is_authority(const X509& certificate) {
  auto* mutable_certificate = const_cast<X509*>(&certificate);  // NOLINT: see above
  const bool may_sign = (X509_get_extension_flags(mutable_certificate) & EXFLAG_CA) != 0;
  // All bits are set where there is no such extension.
  const auto usage = X509_get_key_usage(mutable_certificate);
  const bool signs = usage != UINT32_MAX && (usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0;
  return may_sign || signs;
}

std::string_view text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),  // NOLINT: octets as text
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::optional<std::string> read_pem_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(max_file_size), '\0');
  // Only the end of the file is a good reason to read less.
  if (!file || file.read(text.data(), max_file_size) || !file.eof()) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::chrono::system_clock::time_point not_after(const X509* certificate) {
  std::tm time{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1)
    return {};
  return std::chrono::system_clock::from_time_t(timegm(&time));
}

std::optional<SubjectNames> read_subject_names(const X509& certificate) {
  if (is_authority(certificate)) return std::nullopt;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  ERR_clear_error();
  SubjectNames found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int kind = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind);
    if (kind != GEN_URI && kind != GEN_DNS) continue;
    const std::string_view text = text_of(static_cast<const ASN1_STRING*>(value));
    if (!is_printable(text)) return std::nullopt;
    (kind == GEN_URI ? found.uris : found.dns_names).emplace_back(text);
  }
  return found;
}

}  // namespace sluice::tls
