// SPDX-License-Identifier: Apache-2.0
#include "commands/query.hpp"

#include <array>
#include <iostream>
#include <memory>
#include <random>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "commands/answer_report.hpp"
#include "commands/exit_code.hpp"
#include "commands/query_arguments.hpp"
#include "config/units.hpp"
#include "dns/message_writer.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "Example: is the name denied, and by which rule?\n"
    "  $ sluice query @127.0.0.1 -p 5353 ads.tracker.example\n"
    "  ads.tracker.example. A: NXDOMAIN, denied\n"
    "  EDE 17 (Filtered): DNSFilter shop-prod/no-trackers rule trackers\n"
    "  0.4 ms over UDP from 127.0.0.1 port 5353\n"
    "As a health check: sluice query @10.0.0.53 --tls --server-name dns.example --expect NOERROR\n"
    "health.example. Exit code 1: no answer, or not the expected one. docs/query.md has more.";

constexpr const char* no_insecure =
    "certificates are always verified, as for clients and upstreams of Sluice; give --ca-file for "
    "an authority of your own and --server-name when you ask by address";

/// With EDNS, so that the reason comes along.
std::vector<std::uint8_t> make_query(const dns::Question& question, Transport transport) {
  std::random_device random;
  // Over HTTPS caches compare whole queries: 0 is advised (RFC 8484 4.1).
  const auto id = static_cast<std::uint16_t>(transport == Transport::https ? 0 : random());
  std::array<std::uint8_t, 512> buffer{};
  dns::MessageWriter writer(buffer, id, dns::Flags::rd);
  writer.question(question);
  writer.opt({});
  return {writer.written().begin(), writer.written().end()};
}

int report_failure(const std::string& reason, OutputFormat format) {
  if (format == OutputFormat::json) {
    std::cout << boost::json::serialize(boost::json::object{{"error", reason}}) << '\n';
  } else {
    std::cerr << "sluice: no answer: " << reason << '\n';
  }
  return exit_problems;
}

int ask(const QueryArguments& arguments) {
  const auto query = make_query(arguments.question, arguments.server.transport);
  Reply reply;
  try {
    reply = exchange_message(arguments.server, query);
  } catch (const ExchangeFailure& failure) {
    return report_failure(failure.what(), arguments.output);
  }
  const auto report = read_answer(reply.message, arguments.question);
  if (!report) return report_failure("it is malformed", arguments.output);
  std::cout << to_text(*report, arguments.server, reply, arguments.output);
  if (!arguments.expected || *arguments.expected == report->rcode) return exit_fine;
  std::cerr << "sluice: expected " << dns::to_text(*arguments.expected) << ", found "
            << dns::to_text(report->rcode) << '\n';
  return exit_problems;
}

void add_transports(CLI::App& command, QueryWords& words) {
  auto* transport = command.add_option_group("transport", "UDP if none is given");
  const auto add = [&](const char* flag, Transport value, const char* help) {
    transport->add_flag_callback(flag, [&words, value] { words.transport = value; }, help);
  };
  add("--udp", Transport::udp, "Port 53; an answer that is cut is asked for again over TCP");
  add("--tcp", Transport::tcp, "Port 53");
  add("--tls", Transport::tls, "DNS over TLS, port 853");
  add("--https", Transport::https, "DNS over HTTPS, port 443, path /dns-query");
  transport->require_option(0, 1);
}

void add_options(CLI::App& command, QueryWords& words) {
  command.add_option("-p,--port", words.port, "Port of the server");
  command.add_option("-b,--source", words.source, "Address of this machine to ask from");
  command.add_option("--server-name", words.server_name,
                     "Name in the server's certificate, if it is not that after @");
  command
      .add_option("--ca-file", words.ca_file,
                  "Certificate authorities, PEM; otherwise the system's")
      ->check(CLI::ExistingFile);
  command.add_flag_callback(
      "--insecure", [] { throw CLI::ValidationError("--insecure", no_insecure); },
      "Refused: there is no way to turn verification off");
  command.add_option("--expect", words.expected, "RCODE without which the exit code is 1");
  command.add_option("--timeout", words.timeout, "For the whole exchange")->capture_default_str();
  add_output_option(command, words.output, {OutputFormat::text, OutputFormat::json});
}

}  // namespace

void add_query(CLI::App& program, int& exit_code) {
  const auto words = std::make_shared<QueryWords>();
  auto* command = program.add_subcommand("query", "Ask a DNS server and show its verdict");
  command->add_option("QUESTION", words->positional, "[@SERVER] NAME [TYPE]")->required();
  add_transports(*command, *words);
  add_options(*command, *words);
  command->footer(footer);
  command->callback([words, &exit_code] {
    std::string problem;
    const auto arguments = read_arguments(*words, problem);
    if (!arguments) throw CLI::ValidationError("query", problem);
    exit_code = ask(*arguments);
  });
}

}  // namespace sluice::commands
