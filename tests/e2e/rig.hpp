// SPDX-License-Identifier: Apache-2.0
// All that an end-to-end test starts: CoreDNS with a certificate, Sluice in front of it, policies
// of two tenants. Skips the test where one of the programs is missing.
#pragma once

#include <string>

#include "tests/e2e/clients.hpp"
#include "tests/e2e/coredns.hpp"
#include "tests/e2e/sluice_program.hpp"
#include "tests/e2e/workspace.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {

/// Skips the test if one of the programs is not here.
struct Programs {
  Programs();
};

struct Rig {
  explicit Rig(UpstreamSigner signer = UpstreamSigner::trusted, const ProgramOptions& options = {});

  [[nodiscard]] Target udp(const std::string& from) const { return {from, sluice.port("udp")}; }
  [[nodiscard]] Target tcp(const std::string& from) const { return {from, sluice.port("tcp")}; }
  [[nodiscard]] Target tls(const std::string& from) const { return {from, sluice.port("tls")}; }
  [[nodiscard]] Target https(const std::string& from) const { return {from, sluice.port("https")}; }

  Programs programs;
  Workspace workspace;
  CoreDns coredns;
  SluiceProgram sluice;
};

/// The shop's filter: denies one name below e2e.test, and below it `wild`.
std::string shop_filter(const std::string& denied_name);

}  // namespace sluice::tests
