// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/workspace.hpp"

namespace sluice::tests {

Workspace::Workspace(UpstreamSigner signer)
    : authority_(path() / "authority"),
      stranger_(path() / "stranger"),
      sluice_(authority_.issue({.names = {"sluice.test"}})),
      upstream_((signer == UpstreamSigner::trusted ? authority_ : stranger_)
                    .issue({.names = {"kube-dns.test"}})) {}

}  // namespace sluice::tests
