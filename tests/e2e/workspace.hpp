// SPDX-License-Identifier: Apache-2.0
// What the programs of one test find on disk: keys, certificates, and the files that the test
// writes. Gone when the test is over.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/certificate.hpp"

namespace sluice::tests {

/// Who signed CoreDNS's certificate: the authority that Sluice trusts, or another.
enum class UpstreamSigner { trusted, stranger };

class Workspace {
 public:
  explicit Workspace(UpstreamSigner signer);

  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }
  void write(const std::filesystem::path& name, const std::string& text) const {
    directory_.write(name, text);
  }

  /// What clients trust, and what Sluice trusts in its upstream.
  [[nodiscard]] const std::filesystem::path& authority() const { return authority_.file(); }
  /// For sluice.test.
  [[nodiscard]] const config::ServerTls& sluice() const { return sluice_; }
  /// For kube-dns.test.
  [[nodiscard]] const config::ServerTls& upstream() const { return upstream_; }

 private:
  TemporaryDirectory directory_;
  CertificateAuthority authority_;
  CertificateAuthority stranger_;
  config::ServerTls sluice_;
  config::ServerTls upstream_;
};

}  // namespace sluice::tests
