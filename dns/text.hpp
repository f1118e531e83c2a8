// SPDX-License-Identifier: Apache-2.0
// Records and messages in presentation format (RFC 1035 5.1, RFC 3597 5), for logs, tests and
// `sluice query`. Not for the query path: it makes strings.
#pragma once

#include <string>

#include "dns/message.hpp"

namespace sluice::dns {

/// RDATA alone: "192.0.2.1", "10 mail.example.", "\# 3 010203" for types without a format of their
/// own here.
std::string rdata_to_text(std::span<const std::uint8_t> message, const Record& record);

/// "www.example. 300 IN A 192.0.2.1", every name with its final dot.
std::string to_text(std::span<const std::uint8_t> message, const Record& record);

/// "www.example. A".
std::string to_text(const Question& question);

}  // namespace sluice::dns
