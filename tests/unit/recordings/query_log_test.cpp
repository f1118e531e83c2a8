// SPDX-License-Identifier: Apache-2.0
#include "recordings/query_log.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::recordings {

using filters::Action;

TEST_CASE("a line of the query log is read", "[recordings][query_log]") {
  RecordedQuery query;
  const auto kind = parse_query_log_line(
      R"({"time":"2026-03-01T12:00:00.125Z","level":"info","message":"query","tenant":"shop",)"
      R"("namespace":"shop-prod","client":"10.0.1.5","name":"Ads.Example.","type":"AAAA",)"
      R"("action":"deny","filter":"shop-prod/no-ads","rule":"ads","auditedFilter":"",)"
      R"("auditedRule":"","rcode":"NXDOMAIN","source":"policy","transport":"udp",)"
      R"("durationMicroseconds":41})",
      query);
  REQUIRE(kind == RecordKind::query);
  CHECK(query.client.namespace_name == "shop-prod");
  CHECK(query.client.address == filters::Address::from_text("10.0.1.5"));
  CHECK(dns::to_text(query.name) == "ads.example.");
  CHECK(query.type == dns::Type::aaaa);
  CHECK(query.verdict == RecordedVerdict{Action::deny, "DNSFilter shop-prod/no-ads rule ads"});
  CHECK(query.rcode == dns::Rcode::nxdomain);
}

TEST_CASE("nothing of the line before is left", "[recordings][query_log]") {
  RecordedQuery query;
  parse_query_log_line(
      R"({"message":"query","namespace":"a","client":"10.0.0.1","name":"a.example","type":"A",)"
      R"("action":"deny","filter":"f","rule":"r","rcode":"REFUSED"})",
      query);
  REQUIRE(parse_query_log_line(R"({"message":"query","name":"b.example","type":"TXT"})", query) ==
          RecordKind::query);
  CHECK(query.client == RecordedClient{});
  CHECK_FALSE(query.verdict);
  CHECK_FALSE(query.rcode);
}

TEST_CASE("what decided is told as Extended DNS Errors tell it", "[recordings][query_log]") {
  struct Case {
    const char* members;
    RecordedVerdict verdict;
  };
  const Case cases[] = {
      {R"("action":"allow","filter":"","rule":"")", {Action::allow, ""}},
      {R"("action":"allow","filter":"a/f","rule":"r")", {Action::allow, "DNSFilter a/f rule r"}},
      {R"("action":"rewrite","filter":"f","rule":"r")",
       {Action::rewrite, "ClusterDNSFilter f rule r"}},
      {R"("action":"deny","filter":"a/f","rule":"defaultAction")",
       {Action::deny, "DNSFilter a/f defaultAction"}},
      {R"("action":"deny","filter":"f","rule":"failureMode")",
       {Action::deny, "ClusterDNSFilter f failureMode"}},
  };
  for (const auto& [members, verdict] : cases) {
    RecordedQuery query;
    const std::string line =
        R"({"message":"query","name":"a.","type":"A",)" + std::string(members) + '}';
    INFO(line);
    REQUIRE(parse_query_log_line(line, query) == RecordKind::query);
    CHECK(query.verdict == verdict);
  }
}

TEST_CASE("other lines are told from bad ones", "[recordings][query_log]") {
  struct Case {
    const char* line;
    RecordKind kind;
  };
  const Case cases[] = {
      {R"({"message":"policies in force","generation":3})", RecordKind::other},
      {R"({"msg":"query"})", RecordKind::other},
      {R"({"message":7})", RecordKind::other},
      {R"({"message":"query","type":"A"})", RecordKind::bad},
      {R"({"message":"query","name":"","type":"A"})", RecordKind::bad},
      {R"({"message":"query","name":"a..b","type":"A"})", RecordKind::bad},
      {R"({"message":"query","name":"a.example","type":"AAAAA"})", RecordKind::bad},
      {R"({"message":"query","name":"a.exam)", RecordKind::bad},
      {R"(["message","query"])", RecordKind::bad},
      {"2026-03-01T12:00:00Z info ready", RecordKind::bad},
  };
  for (const auto& [line, kind] : cases) {
    RecordedQuery query;
    INFO(line);
    CHECK(parse_query_log_line(line, query) == kind);
  }
}

}  // namespace sluice::recordings
