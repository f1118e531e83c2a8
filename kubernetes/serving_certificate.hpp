// SPDX-License-Identifier: Apache-2.0
// The certificate that a server of ours shows to the API server. Whoever renews it replaces the
// files: new connections get the new one, those that are there keep theirs.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace sluice::kubernetes {

/// PEM: the certificate with its chain, and its key.
struct CertificateFiles {
  std::filesystem::path certificate;
  std::filesystem::path private_key;
};

/// Not for several threads. What was good stays in use while the files make no sense.
class ServingCertificate {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  explicit ServingCertificate(CertificateFiles files) : files_(std::move(files)) {}

  /// Reads the files again. What is wrong with them, once for each of their contents; nothing if
  /// they are right, or as they were.
  std::optional<std::string> refresh();

  /// Null until files were right.
  [[nodiscard]] const Context& context() const { return context_; }
  /// When the certificate in use expires; the epoch while there is none.
  [[nodiscard]] std::chrono::system_clock::time_point not_after() const { return not_after_; }

 private:
  struct Pem {
    std::optional<std::string> certificate;
    std::optional<std::string> key;
    bool operator==(const Pem&) const = default;
  };
  std::optional<std::string> use(const Pem& pem);

  CertificateFiles files_;
  std::optional<Pem> seen_;
  Context context_;
  std::chrono::system_clock::time_point not_after_;
};

}  // namespace sluice::kubernetes
