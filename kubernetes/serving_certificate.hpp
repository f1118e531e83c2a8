// SPDX-License-Identifier: Apache-2.0
// The certificate that a server of ours shows to the API server. Whoever renews it replaces it
// where it is kept: new connections get the new one, those that are there keep theirs.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace sluice::kubernetes {

/// What is kept somewhere, in PEM; nothing where it cannot be read.
struct CertificatePem {
  std::optional<std::string> certificate;  ///< with its chain
  std::optional<std::string> private_key;
  bool operator==(const CertificatePem&) const = default;
};

/// Where a certificate is kept.
struct CertificateSource {
  std::string certificate;  ///< what problems call the two
  std::string private_key;
  /// As it is now; nothing while there is none yet, which is no problem.
  std::function<std::optional<CertificatePem>()> read;
};

/// Two files. That one is missing is a problem.
CertificateSource certificate_files(const std::filesystem::path& certificate,
                                    const std::filesystem::path& private_key);

/// Not for several threads. What was good stays in use while what is kept makes no sense.
class ServingCertificate {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  explicit ServingCertificate(CertificateSource source) : source_(std::move(source)) {}

  /// Reads it again. What is wrong with it, once for each content; nothing if it is right, or as it
  /// was.
  std::optional<std::string> refresh();

  /// Null until there was one that is right.
  [[nodiscard]] const Context& context() const { return context_; }
  /// When the certificate in use expires; the epoch while there is none.
  [[nodiscard]] std::chrono::system_clock::time_point not_after() const { return not_after_; }

 private:
  std::optional<std::string> use(const CertificatePem& pem);

  CertificateSource source_;
  std::optional<CertificatePem> seen_;
  Context context_;
  std::chrono::system_clock::time_point not_after_;
};

}  // namespace sluice::kubernetes
