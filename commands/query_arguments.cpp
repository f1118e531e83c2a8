// SPDX-License-Identifier: Apache-2.0
#include "commands/query_arguments.hpp"

#include "config/units.hpp"

namespace sluice::commands {
namespace {

/// What is wrong with the words that are not options; empty if nothing is.
std::string read_positional(const std::vector<std::string>& words, QueryArguments& arguments) {
  std::vector<std::string> question;
  for (const std::string& word : words) {
    if (word.starts_with('@')) {
      arguments.server.host = word.substr(1);
    } else {
      question.push_back(word);
    }
  }
  if (question.empty() || question.size() > 2) return "expected [@SERVER] NAME [TYPE]";
  if (arguments.server.host.empty()) return "expected an address or a name behind @";
  const auto name = dns::Name::from_text(question[0]);
  if (!name) return "'" + question[0] + "' is no domain name";
  arguments.question.name = *name;
  arguments.question.name.lower();
  if (question.size() == 1) return {};
  const auto type = dns::type_from_text(question[1]);
  if (!type) return "'" + question[1] + "' is no record type; A, TXT and TYPE65399 are some";
  arguments.question.type = *type;
  return {};
}

std::string read_options(const QueryWords& words, QueryArguments& arguments) {
  const auto timeout = config::try_duration(words.timeout);
  if (!timeout || timeout->count() == 0) {
    return "'" + words.timeout + "' is no duration; 500ms and 2s are some";
  }
  arguments.server.timeout = *timeout;
  if (words.expected.empty()) return {};
  arguments.expected = dns::rcode_from_text(words.expected);
  return arguments.expected ? ""
                            : "'" + words.expected + "' is no RCODE; NOERROR and NXDOMAIN are some";
}

}  // namespace

std::optional<QueryArguments> read_arguments(const QueryWords& words, std::string& problem) {
  QueryArguments arguments{.server = {}, .question = {}, .expected = {}, .output = words.output};
  arguments.server.transport = words.transport;
  arguments.server.port = words.port;
  arguments.server.source = words.source;
  arguments.server.server_name = words.server_name;
  arguments.server.ca_file = words.ca_file;
  problem = read_positional(words.positional, arguments);
  if (problem.empty()) problem = read_options(words, arguments);
  if (!problem.empty()) return std::nullopt;
  return arguments;
}

}  // namespace sluice::commands
