// SPDX-License-Identifier: Apache-2.0
// One question over HTTPS: a POST over HTTP/2 (RFC 8484 4.1).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "commands/byte_stream.hpp"

namespace sluice::commands {

/// Asks over a connection that has agreed on "h2". `authority` is the server as a URL has it.
/// Throws ExchangeFailure.
std::vector<std::uint8_t> exchange_https(ByteStream& stream, const std::string& authority,
                                         std::span<const std::uint8_t> query);

}  // namespace sluice::commands
