// SPDX-License-Identifier: Apache-2.0
#include "commands/answer_report.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"

namespace sluice::commands {
namespace {

const dns::Question question{.name = dns::Name::from_text("www.example").value()};

AnswerReport read(const tests::Response& response) {
  const auto query = tests::make_query("www.example. A");
  return read_answer(tests::make_response(query, response), question).value();
}

tests::Response with_error(dns::Ede code, std::string_view text) {
  return {.rcode = dns::Rcode::nxdomain,
          .edns = dns::OptOut{.rcode = dns::Rcode::nxdomain,
                              .error = dns::ExtendedError{.code = code, .text = text}}};
}

}  // namespace

TEST_CASE("a report shows the answer as records", "[commands][query]") {
  const auto report =
      read({.answer = {"www.example. 300 CNAME cdn.example.", "cdn.example. 60 A 192.0.2.1"}});
  const Reply reply{
      .message = {}, .transport = Transport::tcp, .duration = std::chrono::microseconds(1260)};
  CHECK(to_text(report, {}, reply, OutputFormat::text) ==
        "www.example. A: NOERROR, answered\n"
        "www.example. 300 CNAME cdn.example.\n"
        "cdn.example. 60 A 192.0.2.1\n"
        "1.3 ms over TCP from 127.0.0.1 port 53\n");
  CHECK(to_text(report, {.host = "::1", .port = 5353}, reply, OutputFormat::json) ==
        R"({"name":"www.example.","type":"A","rcode":"NOERROR","verdict":"answered","answers":[)"
        R"({"name":"www.example.","ttl":300,"type":"CNAME","data":"cdn.example."},)"
        R"({"name":"cdn.example.","ttl":60,"type":"A","data":"192.0.2.1"}],)"
        R"("microseconds":1260,"transport":"TCP","server":"::1","port":5353})"
        "\n");
}

TEST_CASE("an Extended DNS Error tells the verdict", "[commands][query]") {
  struct Case {
    dns::Ede code;
    const char* verdict;
  };
  const Case cases[] = {
      {dns::Ede::blocked, "denied"},        {dns::Ede::filtered, "denied"},
      {dns::Ede::prohibited, "denied"},     {dns::Ede::forged_answer, "rewritten"},
      {dns::Ede::stale_answer, "answered"}, {dns::Ede::network_error, "answered"},
  };
  for (const auto& [code, verdict] : cases) {
    INFO(static_cast<int>(code));
    CHECK(std::string(verdict_of(read(with_error(code, "")))) == verdict);
  }
  CHECK(std::string(verdict_of(read({}))) == "answered");
}

TEST_CASE("the reason is shown with number, name and text", "[commands][query]") {
  const auto report = read(with_error(dns::Ede::filtered, "DNSFilter shop/no-ads rule ads"));
  const std::string text = to_text(report, {}, {}, OutputFormat::text);
  CHECK(text ==
        "www.example. A: NXDOMAIN, denied\n"
        "EDE 17 (Filtered): DNSFilter shop/no-ads rule ads\n"
        "0.0 ms over UDP from 127.0.0.1 port 53\n");
}

TEST_CASE("text of strangers cannot move the cursor", "[commands][query]") {
  CHECK(read(with_error(dns::Ede::other, "\x1b[2Jgone\n")).ede_text == "?[2Jgone?");
}

TEST_CASE("the upper bits of the RCODE count", "[commands][query]") {
  CHECK(read({.rcode = dns::Rcode::badvers, .edns = dns::OptOut{}}).rcode == dns::Rcode::badvers);
}

TEST_CASE("a malformed answer is none", "[commands][query]") {
  auto message = tests::make_response(tests::make_query("www.example. A"),
                                      {.answer = {"www.example. 300 A 192.0.2.1"}});
  message.pop_back();
  CHECK_FALSE(read_answer(message, question));
}

}  // namespace sluice::commands
