// SPDX-License-Identifier: Apache-2.0
#include "commands/replay_report.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::commands {
namespace {

ReplayReport report() {
  ReplayReport result;
  result.comparison.judged = 20;
  result.comparison.unknown = 2;
  result.bad = 1;
  result.examples = 2;
  auto& changes = result.comparison.changes;
  changes[{"shop", ChangeKind::newly_denied, "DNSFilter shop/f rule r"}] = {
      .queries = 12, .questions = {{"a.example. A", 1}, {"b.example. A", 10}, {"c.example. A", 1}}};
  changes[{"payments", ChangeKind::on_trial, "x"}] = {.queries = 3,
                                                      .questions = {{"a.example. TXT", 3}}};
  return result;
}

}  // namespace

TEST_CASE("a report for people is a table with the most frequent examples", "[commands][replay]") {
  CHECK(to_text(report(), OutputFormat::text) ==
        "TENANT    RULE                     CHANGE        QUERIES  QUESTIONS\n"
        "payments  x                        on trial            3          1\n"
        "         3  a.example. TXT\n"
        "shop      DNSFilter shop/f rule r  newly denied       12          3\n"
        "        10  b.example. A\n"
        "         1  a.example. A\n"
        "20 queries judged, 12 would change: 12 denied, 0 allowed, 0 rewritten\n"
        "3 would change if what is on trial were enforced\n"
        "2 left out, nobody knows who asked; --config tells who is behind an address\n");
}

TEST_CASE("nothing to report is one line", "[commands][replay]") {
  CHECK(to_text(ReplayReport{}, OutputFormat::text) ==
        "0 queries judged, 0 would change: 0 denied, 0 allowed, 0 rewritten\n");
}

TEST_CASE("a report for programs has the same in JSON", "[commands][replay]") {
  CHECK(to_text(report(), OutputFormat::json) ==
        R"({"judged":20,"changed":12,"onTrial":3,"unknownClients":2,"unreadable":1,"changes":[)"
        R"({"tenant":"payments","rule":"x","change":"onTrial","queries":3,"questions":1,)"
        R"("examples":[{"name":"a.example.","type":"TXT","queries":3}]},)"
        R"({"tenant":"shop","rule":"DNSFilter shop/f rule r","change":"newlyDenied","queries":12,)"
        R"("questions":3,"examples":[{"name":"b.example.","type":"A","queries":10},)"
        R"({"name":"a.example.","type":"A","queries":1}]}]})"
        "\n");
}

}  // namespace sluice::commands
