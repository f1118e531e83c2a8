// SPDX-License-Identifier: Apache-2.0
// One question and its answer over any transport.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "commands/byte_stream.hpp"

namespace sluice::commands {

enum class Transport : std::uint8_t { udp, tcp, tls, https };

/// "UDP".
const char* to_text(Transport transport);
/// 53, 853 or 443.
std::uint16_t default_port(Transport transport);

/// Whom to ask and how.
struct Server {
  std::string host = "127.0.0.1";  ///< an address or a name
  std::uint16_t port = 0;          ///< 0: the transport's own
  Transport transport = Transport::udp;
  std::string source;       ///< an address of this machine to ask from; empty: any
  std::string server_name;  ///< for TLS; empty: `host`
  std::filesystem::path ca_file;
  std::chrono::milliseconds timeout{2000};  ///< for all of it
};

struct Reply {
  std::vector<std::uint8_t> message;
  Transport transport = Transport::udp;  ///< TCP when the answer over UDP was cut
  std::chrono::microseconds duration{0};
};

/// Sends the query and waits for its answer; what is none is not taken for it. Throws
/// ExchangeFailure.
Reply exchange_message(const Server& server, std::span<const std::uint8_t> query);

}  // namespace sluice::commands
