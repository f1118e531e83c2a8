// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/workspace.hpp"

#include <fstream>

namespace sluice::tests {

Workspace::Workspace(UpstreamSigner signer)
    : authority_(path() / "authority"),
      stranger_(path() / "stranger"),
      sluice_(authority_.issue({.names = {"sluice.test"}})),
      upstream_((signer == UpstreamSigner::trusted ? authority_ : stranger_)
                    .issue({.names = {"kube-dns.test"}})) {}

void Workspace::write(const std::filesystem::path& name, const std::string& text) const {
  const auto target = path() / name;
  std::filesystem::create_directories(target.parent_path());
  const auto temporary = target.parent_path() / (".new-" + target.filename().string());
  std::ofstream(temporary) << text;
  std::filesystem::rename(temporary, target);
}

}  // namespace sluice::tests
