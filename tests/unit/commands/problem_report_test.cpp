// SPDX-License-Identifier: Apache-2.0
#include "commands/problem_report.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::commands {
namespace {

using config::Severity;

config::Diagnostic problem(const std::string& file, int line, const std::string& message) {
  return {.file = file, .line = line, .path = "spec", .message = message};
}

config::Diagnostic warning(const std::string& message) {
  auto diagnostic = problem("a.yaml", 1, message);
  diagnostic.severity = Severity::warning;
  diagnostic.reason = "Shadowed";
  return diagnostic;
}

}  // namespace

TEST_CASE("problems are sorted by file and line, and at one place by what they say",
          "[commands][check]") {
  config::Diagnostics problems{problem("b", 1, "1"), problem("a", 10, "2"), problem("a", 9, "4"),
                               problem("a", 9, "3")};
  sort_problems(problems);
  CHECK(problems == config::Diagnostics{problem("a", 9, "3"), problem("a", 9, "4"),
                                        problem("a", 10, "2"), problem("b", 1, "1")});
}

TEST_CASE("a report for people has a line for each problem and a summary", "[commands][check]") {
  CHECK(to_text({.object_count = 1, .problems = {problem("a.yaml", 3, "is wrong")}},
                OutputFormat::text) == "a.yaml:3: spec: is wrong\n1 object, 1 problem\n");
  CHECK(to_text({.object_count = 2, .problems = {}}, OutputFormat::text) ==
        "2 objects, 0 problems\n");
  CHECK(to_text({.object_count = 2, .problems = {warning("hm")}}, OutputFormat::text) ==
        "a.yaml:1: warning: spec: hm\n2 objects, 0 problems, 1 warning\n");
}

TEST_CASE("a report for programs is one JSON document", "[commands][check]") {
  CHECK(to_text({.object_count = 2, .problems = {warning("say \"no\"\n")}}, OutputFormat::json) ==
        R"({"objects":2,"problems":[{"file":"a.yaml","line":1,"path":"spec",)"
        R"("message":"say \"no\"\n","severity":"warning","reason":"Shadowed"}]})"
        "\n");
}

TEST_CASE("a workflow command cannot be broken out of", "[commands][check]") {
  const ProblemReport report{
      .object_count = 0,
      .problems = {problem("a:b,c%.yaml", 2, "100%: one,\r\n::error::two"), warning("hm")}};
  CHECK(to_text(report, OutputFormat::github) ==
        "::error file=a%3Ab%2Cc%25.yaml,line=2::spec: 100%25: one,%0D%0A::error::two\n"
        "::warning file=a.yaml,line=1::spec: hm\n"
        "0 objects, 1 problem, 1 warning\n");
}

TEST_CASE("a problem of a whole file has no line", "[commands][check]") {
  ProblemReport report;
  report.problems.push_back({.file = "a.yaml", .line = 0, .path = "", .message = "is missing"});
  CHECK(to_text(report, OutputFormat::github) ==
        "::error file=a.yaml::is missing\n0 objects, 1 problem\n");
}

TEST_CASE("warnings fail only where that is wanted", "[commands][check]") {
  CHECK_FALSE(has_failed({}, Strictness::strict));
  CHECK_FALSE(has_failed({.object_count = 0, .problems = {warning("")}}, Strictness::lenient));
  CHECK(has_failed({.object_count = 0, .problems = {warning("")}}, Strictness::strict));
  CHECK(has_failed({.object_count = 0, .problems = {problem("", 0, "")}}, Strictness::lenient));
}

}  // namespace sluice::commands
