// SPDX-License-Identifier: Apache-2.0
// From a client's certificate to its namespace: a SPIFFE ID of one trust domain, or DNS names of a
// known pattern. Nothing else that a client sends says who it is: no SNI, no EDNS option, no path.
//
//   CertificateIdentity({.trust_domain = "cluster.local"})
//     spiffe://cluster.local/ns/payments/sa/checkout                       payments
//     two URIs, another trust domain, an upper-case letter, a `%`          nobody
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "filters/client_map.hpp"
#include "tls/certificate.hpp"

namespace sluice::proxy {

/// Immutable; any thread.
class CertificateIdentity {
 public:
  explicit CertificateIdentity(const config::CertificateNames& names);

  /// Of a certificate that the handshake has verified.
  [[nodiscard]] filters::CertificateClaim claim_of(const X509& certificate) const;
  /// Where a certificate has URIs and SPIFFE IDs count, its DNS names do not.
  [[nodiscard]] filters::CertificateClaim claim_of(const tls::SubjectNames& names) const;

 private:
  using Pattern = std::vector<std::string>;  ///< labels

  [[nodiscard]] std::string_view namespace_of_uri(std::string_view uri) const;
  [[nodiscard]] filters::CertificateClaim claim_of_names(
      const std::vector<std::string>& dns_names) const;

  std::string prefix_;  ///< `spiffe://cluster.local/ns/`; empty: SPIFFE IDs do not count
  std::vector<Pattern> patterns_;
};

}  // namespace sluice::proxy
