// SPDX-License-Identifier: Apache-2.0
#include "recordings/query_log.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::recordings {

using filters::Action;

TEST_CASE("a line of the query log is read", "[recordings][query_log]") {
  RecordedQuery query;
  const auto kind = parse_query_log_line(
      R"({"ts":"2026-03-01T12:00:00Z","msg":"query","tenant":"shop","namespace":"shop-prod",)"
      R"("client":"10.0.1.5","labels":{"app":"web"},"name":"Ads.Example.","type":"AAAA",)"
      R"("action":"Deny","rule":"shop-prod/no-ads/ads","rcode":"NXDOMAIN","transport":"udp"})",
      query);
  REQUIRE(kind == RecordKind::query);
  CHECK(query.client.namespace_name == "shop-prod");
  CHECK(query.client.labels == filters::Labels{{"app", "web"}});
  CHECK(query.client.address == filters::Address::from_text("10.0.1.5"));
  CHECK(dns::to_text(query.name) == "ads.example.");
  CHECK(query.type == dns::Type::aaaa);
  CHECK(query.verdict == RecordedVerdict{Action::deny, "shop-prod/no-ads/ads"});
  CHECK(query.rcode == dns::Rcode::nxdomain);
}

TEST_CASE("nothing of the line before is left", "[recordings][query_log]") {
  RecordedQuery query;
  parse_query_log_line(
      R"({"msg":"query","namespace":"a","client":"10.0.0.1","name":"a.example","type":"A",)"
      R"("action":"deny","rule":"r","rcode":"REFUSED"})",
      query);
  REQUIRE(parse_query_log_line(R"({"msg":"query","name":"b.example","type":"TXT"})", query) ==
          RecordKind::query);
  CHECK(query.client == RecordedClient{});
  CHECK_FALSE(query.verdict);
  CHECK_FALSE(query.rcode);
}

TEST_CASE("actions are read in any case", "[recordings][query_log]") {
  struct Case {
    const char* word;
    Action action;
  };
  for (const auto& [word, action] : {Case{"allow", Action::allow}, Case{"Rewrite", Action::rewrite},
                                     Case{"STRIP", Action::strip}}) {
    RecordedQuery query;
    parse_query_log_line(
        R"({"msg":"query","name":"a.","type":"A","action":")" + std::string(word) + "\"}", query);
    INFO(word);
    REQUIRE(query.verdict);
    CHECK(query.verdict->action == action);
  }
}

TEST_CASE("other lines are told from bad ones", "[recordings][query_log]") {
  struct Case {
    const char* line;
    RecordKind kind;
  };
  const Case cases[] = {
      {R"({"msg":"policies in force","generation":3})", RecordKind::other},
      {R"({"message":"ready"})", RecordKind::other},
      {R"({"msg":7})", RecordKind::other},
      {R"({"msg":"query","type":"A"})", RecordKind::bad},
      {R"({"msg":"query","name":"","type":"A"})", RecordKind::bad},
      {R"({"msg":"query","name":"a..b","type":"A"})", RecordKind::bad},
      {R"({"msg":"query","name":"a.example","type":"AAAAA"})", RecordKind::bad},
      {R"({"msg":"query","name":"a.exam)", RecordKind::bad},
      {R"(["msg","query"])", RecordKind::bad},
      {"2026-03-01T12:00:00Z info ready", RecordKind::bad},
  };
  for (const auto& [line, kind] : cases) {
    RecordedQuery query;
    INFO(line);
    CHECK(parse_query_log_line(line, query) == kind);
  }
}

}  // namespace sluice::recordings
