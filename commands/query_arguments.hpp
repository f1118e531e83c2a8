// SPDX-License-Identifier: Apache-2.0
// The words of `sluice query`, in the order that dig has taught: @server, name, type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/exchange.hpp"
#include "commands/output_format.hpp"
#include "dns/message.hpp"

namespace sluice::commands {

/// As they were typed.
struct QueryWords {
  std::vector<std::string> positional;  ///< @server, name and type
  Transport transport = Transport::udp;
  std::uint16_t port = 0;
  std::string source;
  std::string server_name;
  std::string ca_file;
  std::string expected;
  std::string timeout = "2s";
  OutputFormat output = OutputFormat::text;
};

/// As they are meant.
struct QueryArguments {
  Server server;
  dns::Question question;
  std::optional<dns::Rcode> expected;
  OutputFormat output = OutputFormat::text;
};

/// Nothing, and `problem` says what is wrong.
std::optional<QueryArguments> read_arguments(const QueryWords& words, std::string& problem);

}  // namespace sluice::commands
