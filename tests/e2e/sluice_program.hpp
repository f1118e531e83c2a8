// SPDX-License-Identifier: Apache-2.0
// The program as it is shipped, with two tenants: shop asks from 127.0.1.x, payments from
// 127.0.2.x. Its listeners take ports that the kernel chooses and that it logs.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/e2e/workspace.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {

inline const std::string shop_pod = "127.0.1.5";
inline const std::string payments_pod = "127.0.2.5";

/// Lines of sluice.yaml beyond those that every test has.
struct ProgramOptions {
  std::string listeners = {};
  std::string identities = {};
  std::string identity = {};  ///< instead of the two tenants
  std::string policies = "policies: {directory: policies/}\n";
};

/// GET of a page of an admin server on loopback: the whole response.
std::string get_page(std::uint16_t port, const std::string& path);

class SluiceProgram {
 public:
  /// Wants policies/ in the workspace, unless `options` say otherwise.
  SluiceProgram(const Workspace& workspace, std::uint16_t upstream_port,
                const ProgramOptions& options = {});

  /// Of the listener `udp`, `tcp`, `tls` or `https`, or of `admin`.
  [[nodiscard]] std::uint16_t port(const std::string& listener) const {
    return ports_.at(listener);
  }
  Process& process() { return process_; }
  /// GET from the admin address: the whole response.
  [[nodiscard]] std::string get(const std::string& path) const {
    return get_page(port("admin"), path);
  }

 private:
  void read_ports();

  Process process_;
  std::map<std::string, std::uint16_t> ports_;
};

}  // namespace sluice::tests
