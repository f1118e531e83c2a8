// SPDX-License-Identifier: Apache-2.0
// CoreDNS as Sluice's upstream: the zone e2e.test over TLS and HTTPS, and slow.e2e.test, where
// every answer takes half a second. It can be stopped and started again on the same port.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/e2e/workspace.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {

/// Why CoreDNS cannot be run on this machine; nothing if it can.
std::optional<std::string> reason_without_coredns();

class CoreDns {
 public:
  explicit CoreDns(const Workspace& workspace);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// The same zone over HTTPS.
  [[nodiscard]] std::uint16_t https_port() const { return https_port_; }
  void stop();
  /// After stop(): on the same port.
  void start();
  /// One line for each query, and errors.
  [[nodiscard]] std::string log() const;

 private:
  bool try_start();

  const Workspace& workspace_;
  std::uint16_t port_ = 0;
  std::uint16_t https_port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace sluice::tests
