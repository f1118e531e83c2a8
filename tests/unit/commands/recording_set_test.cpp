// SPDX-License-Identifier: Apache-2.0
#include "commands/recording_set.hpp"

#include <fstream>
#include <memory>

#include <catch2/catch_test_macros.hpp>

#include "proxy/log.hpp"
#include "proxy/query_log.hpp"
#include "tests/support/certificate.hpp"

namespace sluice::commands {
namespace {

proxy::QueryLogEntry denied_query() {
  proxy::QueryLogEntry entry;
  entry.tenant.assign("shop");
  entry.namespace_name.assign("shop-prod");
  entry.client = filters::Address::from_text("10.0.1.5").value();
  entry.name = dns::Name::from_text("ads.example.").value();
  entry.type = dns::Type::aaaa;
  entry.action = filters::Action::deny;
  entry.filter.assign("shop-prod/no-ads");
  entry.rule.assign("ads");
  entry.rcode = dns::Rcode::nxdomain;
  return entry;
}

}  // namespace

TEST_CASE("what Sluice logs of a query is read back", "[commands][recordings]") {
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "queries.jsonl";
  {
    const proxy::log::Capture log;
    const auto queries = std::make_unique<proxy::QueryLog>();
    REQUIRE(queries->put(denied_query()));
    REQUIRE(queries->write_out(nullptr) == 1);
    std::ofstream stream(file);
    for (const std::string& line : log.lines())
      stream << line << '\n';
  }
  const RecordingSet set = read_recordings({file.string()});
  CHECK(set.bad == 0);
  REQUIRE(set.queries == 1);
  set.tally.for_each([](const recordings::Tally::Entry& entry) {
    CHECK(entry.client.namespace_name == "shop-prod");
    CHECK(entry.client.address == filters::Address::from_text("10.0.1.5"));
    CHECK(dns::to_text(dns::Name(entry.name)) == "ads.example.");
    CHECK(entry.type == dns::Type::aaaa);
    REQUIRE(entry.verdict);
    CHECK(entry.verdict->action == filters::Action::deny);
    CHECK(entry.verdict->rule == "DNSFilter shop-prod/no-ads rule ads");
    CHECK(entry.rcode == dns::Rcode::nxdomain);
  });
}

}  // namespace sluice::commands
