// SPDX-License-Identifier: Apache-2.0
#include "proxy/node_reporter.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kubernetes/json_access.hpp"
#include "proxy/log.hpp"
#include "tests/unit/kubernetes/api_world.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

kubernetes::NodeReport report_of(const std::string& version) {
  kubernetes::NodeReport report;
  report.in_force["DNSFilter"].add(version);
  return report;
}

struct World : tests::ApiWorld {
  World() {
    server.use_script([this](const Exchange& came) {
      requests.push_back(came->request());
      came->answer(failure == 0 ? 200 : failure, "{}");
    });
    reporter.start();
  }
  bool has_requests(std::size_t count) {
    return run_until([&] { return requests.size() >= count; });
  }
  bool has_result(std::uint64_t written, std::uint64_t failed) {
    return run_until([&] {
      const auto values = status.values();
      return values.reports_written == written && values.reports_failed == failed;
    });
  }
  /// What was said in the last request.
  [[nodiscard]] std::string said() const {
    const auto body = kubernetes::parse_object(requests.back().body).value();
    const auto* annotations =
        kubernetes::find_object(*kubernetes::find_object(body, "metadata"), "annotations");
    return std::string(kubernetes::find_string(*annotations, "sluice.dev/in-force"));
  }
  static std::string text_of(const std::string& version) {
    return R"({"DNSFilter":")" + report_of(version).in_force.at("DNSFilter").text() + "\"}";
  }

  unsigned failure = 0;
  log::Capture capture;
  ProcessStatus status{"test"};
  NodeReporter reporter{
      context.get_executor(),
      credentials,
      {.identity = {.node = "node-1", .namespace_name = "system"}, .interval = 100ms},
      status};
};

}  // namespace

TEST_CASE("a node says what it serves in its Lease", "[proxy][reports]") {
  World world;
  world.reporter.report(report_of("a"));
  REQUIRE(world.has_result(1, 0));
  const auto& request = world.requests.at(0);
  CHECK(request.method == "PATCH");
  CHECK_THAT(request.target, ContainsSubstring("/namespaces/system/leases/sluice-node-node-1?"));
  CHECK(request.headers.at("content-type") == "application/apply-patch+yaml");
  CHECK(world.said() == World::text_of("a"));
}

TEST_CASE("changes within an interval are told together", "[proxy][reports]") {
  World world;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i)
    world.reporter.report(report_of(std::to_string(i)));
  REQUIRE(world.has_result(1, 0));
  CHECK(world.said() == World::text_of("99"));
  for (int i = 0; i < 100; ++i)
    world.reporter.report(report_of("b" + std::to_string(i)));
  REQUIRE(world.has_result(2, 0));
  CHECK(world.said() == World::text_of("b99"));
  CHECK(std::chrono::steady_clock::now() - begin >= 100ms);
  CHECK(world.requests.size() == 2);
}

TEST_CASE("what was said is not said again", "[proxy][reports]") {
  World world;
  world.reporter.report(report_of("a"));
  REQUIRE(world.has_result(1, 0));
  world.reporter.report(report_of("a"));
  world.context.restart();
  world.context.run_for(400ms);
  CHECK(world.requests.size() == 1);
}

TEST_CASE("what could not be said is said later, and that is told once", "[proxy][reports]") {
  World world;
  world.failure = 403;
  world.reporter.report(report_of("a"));
  REQUIRE(world.has_result(0, 3));
  world.failure = 0;
  REQUIRE(world.has_result(1, 3));
  CHECK(world.said() == World::text_of("a"));
  // The first and the second in a row.
  REQUIRE(world.capture.lines().size() == 2);
  CHECK_THAT(world.capture.lines().front(), ContainsSubstring("cannot say what it serves"));
}

}  // namespace sluice::proxy
