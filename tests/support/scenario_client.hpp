// SPDX-License-Identifier: Apache-2.0
// A DNS client for scenarios over the network: one query on a socket of its own, from an address of
// the scenario's choice. Sockets never block, so that an upstream in the same thread gets its turn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "proxy/origin.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {

struct ClientTarget {
  proxy::Transport transport = proxy::Transport::udp;
  std::uint16_t port = 0;         ///< on 127.0.0.1
  std::filesystem::path ca_file;  ///< TLS: who signed the certificate for sluice.test
  std::optional<config::ServerTls> certificate = std::nullopt;  ///< TLS: what the client shows
};

class ScenarioClient {
 public:
  virtual ~ScenarioClient() = default;
  virtual void send(const Octets& message) = 0;
  /// The answer, once it is there.
  virtual std::optional<Octets> receive() = 0;
};

/// Throws std::runtime_error if it cannot connect.
std::unique_ptr<ScenarioClient> make_client(const ClientTarget& target, const std::string& from);

}  // namespace sluice::tests
