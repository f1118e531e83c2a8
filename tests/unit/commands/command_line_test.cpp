// SPDX-License-Identifier: Apache-2.0
#include "commands/command_line.hpp"

#include <iostream>
#include <sstream>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "commands/exit_code.hpp"

namespace sluice::commands {
namespace {

using Catch::Matchers::ContainsSubstring;

struct Outcome {
  int exit_code;
  std::string output;
  std::string errors;
};

/// Takes the place of a stream's buffer while it lives.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  ~Captured() { stream_.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

Outcome run(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "sluice");
  const Captured output(std::cout);
  const Captured errors(std::cerr);
  const int exit_code = run_command_line(static_cast<int>(arguments.size()), arguments.data());
  return {exit_code, output.text(), errors.text()};
}

}  // namespace

TEST_CASE("every command has help with an example", "[commands]") {
  for (const char* command : {"serve", "controller", "check", "query", "replay", "suggest"}) {
    const auto outcome = run({command, "--help"});
    INFO(command);
    CHECK(outcome.exit_code == exit_fine);
    CHECK_THAT(outcome.output, ContainsSubstring(std::string("sluice ") + command));
    CHECK_THAT(outcome.output, ContainsSubstring("docs/"));
  }
}

TEST_CASE("the version is printed", "[commands]") {
  const auto outcome = run({"version"});
  CHECK(outcome.exit_code == exit_fine);
  CHECK(outcome.output.starts_with("sluice "));
}

TEST_CASE("a wrong command line is told from problems that were found", "[commands]") {
  struct Case {
    std::vector<const char*> arguments;
    int exit_code;
  };
  const Case cases[] = {
      {{}, exit_usage},
      {{"fly"}, exit_usage},
      {{"serve"}, exit_usage},
      {{"serve", "--config", "/nonexistent/sluice.yaml"}, exit_problems},
      {{"controller"}, exit_usage},
      {{"controller", "--config", "/nonexistent/controller.yaml"}, exit_problems},
      {{"check"}, exit_usage},
      {{"check", "--output", "xml", "a"}, exit_usage},
      {{"check", "/nonexistent"}, exit_problems},
      {{"query"}, exit_usage},
      {{"query", "a..b"}, exit_usage},
      {{"query", "--udp", "--tls", "a"}, exit_usage},
      {{"query", "--insecure", "a"}, exit_usage},
      {{"query", "@127.0.0.1", "-b", "192.0.2.1", "a"}, exit_problems},
      {{"replay", "recording"}, exit_usage},
      {{"replay", "--policies", "/nonexistent", "recording"}, exit_usage},
      {{"suggest", "--namespace", "shop", "/nonexistent"}, exit_usage},
      {{"suggest", "--namespace", "shop", "/dev/null"}, exit_problems},
      {{"suggest", "--namespace", "shop", "--mode", "Maybe", "/dev/null"}, exit_usage},
  };
  for (const auto& [arguments, exit_code] : cases) {
    const auto outcome = run(arguments);
    INFO((arguments.empty() ? "" : arguments.front()) << " " << outcome.errors);
    CHECK(outcome.exit_code == exit_code);
    CHECK_FALSE((outcome.errors + outcome.output).empty());
  }
}

}  // namespace sluice::commands
