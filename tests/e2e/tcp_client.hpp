// SPDX-License-Identifier: Apache-2.0
// A connection from an address of the test's choice, with DNS's framing (RFC 1035 4.2.2). Whatever
// takes longer than ten seconds throws.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/process.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {

class TcpClient {
 public:
  TcpClient(const std::string& from, std::uint16_t port);

  void send(const Octets& octets) const;
  [[nodiscard]] Octets receive(std::size_t size) const;
  /// Until the other side closes.
  [[nodiscard]] Octets receive_all() const;

  /// One message without its length.
  [[nodiscard]] Octets receive_message() const;

 private:
  Descriptor socket_;
};

/// The message with its length in front.
Octets framed(const Octets& message);

}  // namespace sluice::tests
