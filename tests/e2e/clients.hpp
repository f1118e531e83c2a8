// SPDX-License-Identifier: Apache-2.0
// The programs that people use to ask DNS, and what they said.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/workspace.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {

/// The first of dig, kdig and dnsperf that is missing here.
std::optional<std::string> missing_client();

/// What dig and kdig print, with the parts that tests ask for.
class Reply {
 public:
  explicit Reply(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool contains(const std::string& part) const {
    return text_.find(part) != std::string::npos;
  }
  /// "NOERROR"; empty when there was no answer.
  [[nodiscard]] std::string rcode() const;
  [[nodiscard]] bool has_ede(int code) const;

 private:
  std::string text_;
};

/// Where to ask, and as whom.
struct Target {
  std::string from;
  std::uint16_t port;
};

/// `arguments` as for dig: a name, a type, `+tcp`.
Reply dig(const Target& target, const std::vector<std::string>& arguments);

/// Over TLS, with the certificate verified for sluice.test. `arguments` as for kdig: `+https`.
Reply kdig_tls(const Workspace& workspace, const Target& target, const std::string& name,
               const std::vector<std::string>& arguments = {});

/// dnsperf in the background.
class Load {
 public:
  struct Options {
    std::vector<std::string> names;  ///< asked over and over, in this order
    int seconds;
    int queries_per_second;
    int clients = 1;  ///< each from a port of its own, or over a connection of its own
    std::string transport = "udp";  ///< or tcp, dot
  };
  struct Result {
    std::uint64_t sent;
    std::uint64_t completed;
    std::uint64_t lost;
  };
  Load(const Workspace& workspace, const Target& target, const Options& options);
  /// Waits for its end. Throws if it does not come or has no statistics.
  Result finish();

 private:
  Process process_;
};

}  // namespace sluice::tests
