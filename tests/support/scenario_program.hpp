// SPDX-License-Identifier: Apache-2.0
// The real program for one scenario: its files, its process, and what it writes to its log.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tests/support/certificate.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scenario_stage.hpp"

namespace sluice::tests {

/// Names in certificates: upstream.test for the upstream, sluice.test for Sluice.
class ScenarioProgram {
 public:
  ScenarioProgram();

  [[nodiscard]] const config::ServerTls& upstream_certificate() const { return upstream_; }
  [[nodiscard]] const std::filesystem::path& ca_file() const { return authority_.file(); }

  /// Of a client of the scenario; none without a name.
  [[nodiscard]] std::optional<config::ServerTls> client_certificate(const std::string& name) const;

  /// Runs `sluice serve` until this ends. Throws ScenarioFailure if it does not get ready.
  void start(const std::filesystem::path& program, const Scenario& scenario,
             std::uint16_t upstream_port);
  /// Of "UDP", "TCP", "TLS", "HTTPS" or "admin".
  [[nodiscard]] std::uint16_t port(const std::string& listener) const {
    return ports_.at(listener);
  }
  /// Returns how many problems it logged, once it serves by what is right.
  std::size_t reload(const std::string& manifests);
  /// Returns once it serves by these labels of `identity.pod`.
  void relabel(const std::string& labels);
  /// The body of GET /metrics.
  [[nodiscard]] std::string metrics() const;
  /// Everything it logged, for a failure's message.
  [[nodiscard]] std::string log() const { return process_ ? process_->errors() : std::string(); }

 private:
  void write(const std::filesystem::path& name, const std::string& text) const;
  void read_ports();
  [[nodiscard]] std::size_t count_lines(const std::string& message) const;
  void wait_for_another(const std::string& message, std::size_t before);

  TemporaryDirectory directory_;
  CertificateAuthority authority_;
  config::ServerTls upstream_;
  config::ServerTls sluice_;
  std::map<std::string, config::ServerTls> clients_;
  std::optional<Process> process_;
  std::map<std::string, std::uint16_t> ports_;
};

}  // namespace sluice::tests
