// SPDX-License-Identifier: Apache-2.0
// Whole messages from text and back, so that tests compare what a person would read:
//
//   const auto query = make_query("www.example. A", {.edns = dns::OptOut{.dnssec_ok = true}});
//   const auto response = make_response(query, {.answer = {"www.example. 300 A 192.0.2.1"}});
//   CHECK(describe(response) == ...);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/message_writer.hpp"

namespace sluice::tests {

using Octets = std::vector<std::uint8_t>;

/// An EDNS option that dns::OptOut does not know, octet by octet.
struct EdnsOption {
  std::uint16_t code = 0;
  Octets data{};
};

struct QueryOptions {
  std::uint16_t id = 4660;
  bool rd = true;
  bool cd = false;
  bool ad = false;
  std::optional<dns::OptOut> edns{};
  std::vector<EdnsOption> options{};  ///< need `edns`
};

/// `question` as parse_question() takes it.
Octets make_query(std::string_view question, const QueryOptions& options = {});

/// Sections are records as parse_record() takes them.
struct Response {
  std::vector<std::string> answer{};
  std::vector<std::string> authority{};
  std::vector<std::string> additional{};
  dns::Rcode rcode = dns::Rcode::noerror;
  std::uint16_t flags = dns::Flags::ra;  ///< besides QR and the query's RD and CD
  std::optional<dns::OptOut> edns{};
};

/// Answers `query` with its ID and its question as they stand there.
Octets make_response(std::span<const std::uint8_t> query, const Response& response = {});

/// A message taken apart.
struct MessageText {
  std::uint16_t id = 0;
  std::string flags;  ///< "qr rd ra"
  std::string rcode;
  std::string question;
  std::vector<std::string> answer;
  std::vector<std::string> authority;
  std::vector<std::string> additional;  ///< OPT not among them
  std::string edns;                     ///< "payload 1232 do ede 15 (text)", empty without OPT
  std::vector<std::uint16_t> ede;       ///< codes of all Extended DNS Errors
};

/// Throws std::invalid_argument when the message is malformed.
MessageText read_message(std::span<const std::uint8_t> message);

/// All of it, a line each: "id 4660", "flags qr rd ra", "rcode NOERROR", "question www.example. A",
/// "answer www.example. 300 IN A 192.0.2.1", "edns payload 1232".
std::string describe(std::span<const std::uint8_t> message);

}  // namespace sluice::tests
