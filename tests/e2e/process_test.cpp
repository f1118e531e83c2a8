// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"

#include <csignal>
#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

namespace sluice::tests {

using namespace std::chrono_literals;

namespace {

Command shell(const std::string& script) {
  return {.arguments = {"sh", "-c", script}, .environment = {{"WORD", "hello"}}, .directory = "/"};
}

}  // namespace

TEST_CASE("output, errors and exit code of a command are kept apart", "[e2e][process]") {
  const auto outcome = run(shell("echo $WORD; pwd; echo trouble >&2; exit 3"), 10s);
  CHECK(outcome.output == "hello\n/\n");
  CHECK(outcome.errors == "trouble\n");
  CHECK(outcome.exit_code == 3);
}

TEST_CASE("a program that does not exist exits with 127", "[e2e][process]") {
  const auto outcome =
      run({.arguments = {"no-such-program"}, .environment = {}, .directory = {}}, 10s);
  CHECK(outcome.exit_code == 127);
  CHECK_FALSE(has_program("no-such-program"));
  CHECK(has_program("sh"));
}

TEST_CASE("a command that takes too long is an error, and is gone afterwards", "[e2e][process]") {
  CHECK_THROWS_AS(run(shell("sleep 60"), 50ms), std::runtime_error);
}

TEST_CASE("a signal ends a process, and its number is in the exit code", "[e2e][process]") {
  Process process(shell("echo ready; exec sleep 60"));
  REQUIRE(process.wait_for_output("ready", 10s));
  CHECK_FALSE(process.wait(1ms));
  process.signal(SIGTERM);
  CHECK(process.wait(10s) == 128 + SIGTERM);
  CHECK_FALSE(process.wait_for_output("more", 10s));
}

}  // namespace sluice::tests
