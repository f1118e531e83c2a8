// SPDX-License-Identifier: Apache-2.0
// A node and its pods as network namespaces, as a CNI plugin wires them: each pod has a link to the
// node's bridge, addresses of its own of both families, and the node as its way to everywhere.
//
//   enter_pod_network();  // this process is the node
//   const BridgeNetwork network;
//   const BridgedPod web(network, {"10.88.0.5", "fd00:88::5"});
//   CHECK(web.dig("169.254.20.10", {"www.example"}).rcode() == "NXDOMAIN");
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/clients.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {

/// The first of the programs that these need that is not here.
std::optional<std::string> missing_network_program();

/// Runs to its end; throws std::runtime_error with what it said if it fails.
void run_or_throw(const std::vector<std::string>& arguments);

/// The bridge, in the namespace of this process. Gone with that.
class BridgeNetwork {
 public:
  BridgeNetwork();
};

/// Gone with the object, and its addresses are free then.
class BridgedPod {
 public:
  /// `addresses` of 10.88.0.0/24 and fd00:88::/64.
  BridgedPod(const BridgeNetwork& network, const std::vector<std::string>& addresses);

  /// From inside, without a second try.
  [[nodiscard]] Reply dig(const std::string& server,
                          const std::vector<std::string>& arguments) const;

 private:
  [[nodiscard]] std::vector<std::string> inside(const std::vector<std::string>& arguments) const;

  Process sandbox_;
  std::string process_id_;
};

}  // namespace sluice::tests
