// SPDX-License-Identifier: Apache-2.0
#include "commands/answer_report.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json.hpp>

#include "dns/ede_name.hpp"
#include "dns/text.hpp"

namespace sluice::commands {
namespace {

/// EXTRA-TEXT comes from whoever answers: nothing of it may move a terminal's cursor.
std::string printable(std::string_view text) {
  std::string result(text);
  std::ranges::replace_if(result, [](unsigned char c) { return std::iscntrl(c) != 0; }, '?');
  return result;
}

void read_opt(std::span<const std::uint8_t> rdata, const dns::Record& record,
              AnswerReport& report) {
  const auto edns = dns::parse_edns({.payload_size = static_cast<std::uint16_t>(record.klass),
                                     .ttl = record.ttl,
                                     .options = rdata});
  if (!edns) return;
  report.rcode =
      static_cast<dns::Rcode>(edns->extended_rcode << 4 | static_cast<std::uint16_t>(report.rcode));
  if (!edns->error) return;
  report.ede = edns->error->code;
  report.ede_text = printable(edns->error->text);
}

std::string milliseconds(std::chrono::microseconds duration) {
  const auto tenths = (duration.count() + 50) / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " ms";
}

std::uint16_t port_of(const Server& server) {
  return server.port == 0 ? default_port(server.transport) : server.port;
}

std::string as_text(const AnswerReport& report, const Server& server, const Reply& reply) {
  std::string text = dns::to_text(report.question) + ": " + dns::to_text(report.rcode) + ", " +
                     verdict_of(report) + '\n';
  if (report.ede) {
    text += "EDE " + std::to_string(static_cast<int>(*report.ede)) + " (" +
            dns::ede_name(*report.ede) + ')';
    text += report.ede_text.empty() ? "\n" : ": " + report.ede_text + '\n';
  }
  for (const auto& answer : report.answers) {
    text += answer.name + ' ' + std::to_string(answer.ttl) + ' ' + answer.type + ' ' + answer.data +
            '\n';
  }
  return text + milliseconds(reply.duration) + " over " + to_text(reply.transport) + " from " +
         server.host + " port " + std::to_string(port_of(server)) + '\n';
}

std::string as_json(const AnswerReport& report, const Server& server, const Reply& reply) {
  boost::json::array answers;
  for (const auto& answer : report.answers) {
    answers.push_back(
        {{"name", answer.name}, {"ttl", answer.ttl}, {"type", answer.type}, {"data", answer.data}});
  }
  boost::json::object document{{"name", dns::to_text(report.question.name)},
                               {"type", dns::to_text(report.question.type)},
                               {"rcode", dns::to_text(report.rcode)},
                               {"verdict", verdict_of(report)}};
  if (report.ede) {
    document["ede"] = {{"code", static_cast<int>(*report.ede)},
                       {"name", dns::ede_name(*report.ede)},
                       {"text", report.ede_text}};
  }
  document["answers"] = std::move(answers);
  document["microseconds"] = reply.duration.count();
  document["transport"] = to_text(reply.transport);
  document["server"] = server.host;
  document["port"] = port_of(server);
  return boost::json::serialize(document) + '\n';
}

}  // namespace

std::optional<AnswerReport> read_answer(std::span<const std::uint8_t> message,
                                        const dns::Question& question) {
  AnswerReport report{.question = question, .ede = {}, .ede_text = {}, .answers = {}};
  report.rcode = dns::read_header(message).rcode();
  dns::RecordReader records(message);
  while (const dns::Record* record = records.next()) {
    if (record->type == dns::Type::opt) read_opt(records.rdata(), *record, report);
    if (record->section != dns::Section::answer) continue;
    report.answers.push_back({.name = dns::to_text(record->owner),
                              .ttl = record->ttl,
                              .type = dns::to_text(record->type),
                              .data = dns::rdata_to_text(message, *record)});
  }
  if (!records.finish()) return std::nullopt;
  return report;
}

const char* verdict_of(const AnswerReport& report) {
  if (!report.ede) return "answered";
  switch (*report.ede) {
    case dns::Ede::blocked:
    case dns::Ede::filtered:
    case dns::Ede::prohibited:
      return "denied";
    case dns::Ede::forged_answer:
      return "rewritten";
    default:
      return "answered";
  }
}

std::string to_text(const AnswerReport& report, const Server& server, const Reply& reply,
                    OutputFormat format) {
  return format == OutputFormat::json ? as_json(report, server, reply)
                                      : as_text(report, server, reply);
}

}  // namespace sluice::commands
