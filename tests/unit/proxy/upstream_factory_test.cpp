// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_factory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/proxy/upstream_fixture.hpp"
#include "tests/unit/proxy/upstream_plain_server.hpp"

using namespace sluice;
using namespace sluice::proxy;

TEST_CASE("a CA file that cannot be read is an error that names upstream and file",
          "[proxy][upstream-factory]") {
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  config::Upstream settings;
  settings.name = "cluster";
  settings.transport = config::UpstreamTransport::tls;
  settings.endpoints = {{"127.0.0.1", 853}};
  settings.tls = {"dns.example", "/nonexistent/ca.crt"};
  const auto made = make_upstream(context, settings, handler, counters);
  REQUIRE(made.has_error());
  CHECK_THAT(made.error().text, Catch::Matchers::ContainsSubstring("cluster") &&
                                    Catch::Matchers::ContainsSubstring("/nonexistent/ca.crt"));
}

TEST_CASE("the transport decides what is made", "[proxy][upstream-factory]") {
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  PlainServer server(context, [](const tests::Octets& query, Transport) {
    return std::vector<tests::Octets>{tests::make_response(query)};
  });
  config::Upstream settings;
  settings.transport = config::UpstreamTransport::tcp;
  settings.endpoints = {{"127.0.0.1", server.port()}};
  const auto made = make_upstream(context, settings, handler, counters);
  REQUIRE(made.has_value());
  send_numbered(**made, 1, 1);
  CHECK(run_until(context, [&] { return all_answered(handler, 1, 1); }));
  CHECK(server.tcp_queries == 1);
}
