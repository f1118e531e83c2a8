// SPDX-License-Identifier: Apache-2.0
// What an answer says, for people and for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/exchange.hpp"
#include "commands/output_format.hpp"
#include "dns/message.hpp"

namespace sluice::commands {

struct AnswerRecord {
  std::string name;
  std::uint32_t ttl = 0;
  std::string type;
  std::string data;
};

struct AnswerReport {
  dns::Question question;
  dns::Rcode rcode = dns::Rcode::noerror;  ///< the bits of EDNS included
  std::optional<dns::Ede> ede;
  std::string ede_text;  ///< safe to print: control characters are gone
  std::vector<AnswerRecord> answers;
};

/// Takes a response to `question` apart; nothing if it is malformed.
std::optional<AnswerReport> read_answer(std::span<const std::uint8_t> message,
                                        const dns::Question& question);

/// What policy did, as the Extended DNS Error tells: "denied", "rewritten" or "answered".
const char* verdict_of(const AnswerReport& report);

/// Ends with a newline.
std::string to_text(const AnswerReport& report, const Server& server, const Reply& reply,
                    OutputFormat format);

}  // namespace sluice::commands
