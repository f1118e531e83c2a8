// SPDX-License-Identifier: Apache-2.0
// A throw-away certificate authority, made when it is needed: no key of a test is ever in the
// repository.
//
//   const TemporaryDirectory directory;
//   const CertificateAuthority ca(directory.path() / "ca");
//   const config::ServerTls files = ca.issue({.names = {"dns.example", "127.0.0.1"}});
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "config/settings.hpp"

namespace sluice::tests {

/// A directory of its own under the system's temporary one; gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Replaces the file in one step, so that whoever watches it never sees half of it.
  void write(const std::filesystem::path& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

enum class Validity { now, expired, not_yet };

struct CertificateRequest {
  std::vector<std::string> names{};  ///< DNS names and IP addresses, all as subject alternatives
  Validity validity = Validity::now;
  std::vector<std::string> uris{};  ///< likewise subject alternatives
  std::string purposes = "serverAuth,clientAuth";
  bool is_authority = false;  ///< may sign further ones
};

/// ECDSA P-256 throughout. Files are PEM, in one directory, which is made if it is not there.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(std::filesystem::path directory);

  /// What the verifying side needs.
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  /// A new certificate with its key, in files of its own.
  config::ServerTls issue(const CertificateRequest& request);

 private:
  struct KeyDeleter {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  struct CertificateDeleter {
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
  using Certificate = std::unique_ptr<X509, CertificateDeleter>;

  static Key make_key();
  Certificate make_certificate(EVP_PKEY& key, const std::string& common_name, Validity validity);
  void sign(X509& certificate);

  std::filesystem::path directory_;
  std::filesystem::path file_;
  Key key_;
  Certificate certificate_;
  long serial_ = 0;
};

}  // namespace sluice::tests
