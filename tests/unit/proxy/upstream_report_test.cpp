// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_report.hpp"

#include <optional>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/proxy/upstream_fixture.hpp"

using namespace sluice;
using namespace sluice::proxy;

TEST_CASE("a failure is told in a later turn of the event loop", "[proxy][upstream-report]") {
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  UpstreamReport report(context, handler, counters);
  report.failure(1, UpstreamFailure::timed_out);
  report.failure(2, UpstreamFailure::overloaded);
  CHECK(handler.calls.empty());
  context.run();
  CHECK(handler.failures[1] == UpstreamFailure::timed_out);
  CHECK(handler.failures[2] == UpstreamFailure::overloaded);
  CHECK(counters.failures[static_cast<std::size_t>(UpstreamFailure::timed_out)].value() == 1);
  CHECK(report.last_failure() == UpstreamFailure::timed_out);
}

TEST_CASE("an answer is told at once, counted by RCODE, and ends the failure",
          "[proxy][upstream-report]") {
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  UpstreamReport report(context, handler, counters);
  report.failure(1, UpstreamFailure::unreachable);
  const auto query = numbered_query(1);
  report.answer(2, tests::make_response(query, {.rcode = dns::Rcode::nxdomain}),
                std::chrono::milliseconds(3));
  report.answer(3, tests::make_response(query, {.rcode = static_cast<dns::Rcode>(9)}), {});
  CHECK(handler.answers.size() == 2);
  CHECK(counters.responses[3].value() == 1);
  CHECK(counters.responses[rcode_slots - 1].value() == 1);
  CHECK_FALSE(report.last_failure());
}

TEST_CASE("nothing is told after the upstream has gone", "[proxy][upstream-report]") {
  boost::asio::io_context context{1};
  RecordingHandler handler;
  UpstreamCounters counters;
  std::optional<UpstreamReport> report(std::in_place, context, handler, counters);
  report->failure(1, UpstreamFailure::unreachable);
  report.reset();
  context.run();
  CHECK(handler.calls.empty());
}
