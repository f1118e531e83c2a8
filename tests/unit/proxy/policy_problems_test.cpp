// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_problems.hpp"

#include <catch2/catch_test_macros.hpp>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

config::Diagnostic problem(const std::string& message) {
  return {.file = "DNSFilter shop/web", .line = 0, .path = "spec", .message = message};
}

std::size_t lines_of(PolicyProblems& problems, const config::Diagnostics& all) {
  const log::Capture capture;
  problems.report(all);
  return capture.lines().size();
}

}  // namespace

TEST_CASE("a problem is logged when it is new, and again when it comes back", "[proxy]") {
  PolicyProblems problems;
  CHECK(lines_of(problems, {problem("a"), problem("b"), problem("a")}) == 2);
  CHECK(lines_of(problems, {problem("b"), problem("a")}) == 0);
  CHECK(lines_of(problems, {problem("b"), problem("c")}) == 1);
  CHECK(lines_of(problems, {problem("a"), problem("b"), problem("c")}) == 1);
}

TEST_CASE("thousands of problems are some lines and a number", "[proxy]") {
  PolicyProblems problems;
  config::Diagnostics all;
  for (std::size_t i = 0; i < 3 * PolicyProblems::max_lines; ++i)
    all.push_back(problem(std::to_string(i)));
  const log::Capture capture;
  problems.report(all);
  REQUIRE(capture.lines().size() == PolicyProblems::max_lines + 1);
  CHECK(capture.lines().back().find("\"more\":200") != std::string::npos);
}

}  // namespace sluice::proxy
