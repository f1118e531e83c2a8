// SPDX-License-Identifier: Apache-2.0
#include "commands/query_arguments.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace sluice::commands {

using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

TEST_CASE("server, name and type are read as dig reads them", "[commands][query]") {
  struct Case {
    std::vector<std::string> words;
    const char* host;
    const char* question;
  };
  const Case cases[] = {
      {{"Example.com"}, "127.0.0.1", "example.com. A"},
      {{"example.com.", "txt"}, "127.0.0.1", "example.com. TXT"},
      {{"@::1", "example.com", "TYPE65399"}, "::1", "example.com. TYPE65399"},
      {{"example.com", "MX", "@dns.example"}, "dns.example", "example.com. MX"},
      {{".", "NS"}, "127.0.0.1", ". NS"},
  };
  for (const auto& [words, host, question] : cases) {
    std::string problem;
    const auto arguments = read_arguments({.positional = words}, problem);
    INFO(question);
    REQUIRE(arguments);
    CHECK(arguments->server.host == host);
    CHECK(dns::to_text(arguments->question.name) + ' ' + dns::to_text(arguments->question.type) ==
          question);
  }
}

TEST_CASE("options are read with what they mean", "[commands][query]") {
  std::string problem;
  const auto arguments = read_arguments({.positional = {"a.example"},
                                         .transport = Transport::tls,
                                         .port = 8853,
                                         .expected = "nxdomain",
                                         .timeout = "500ms"},
                                        problem);
  REQUIRE(arguments);
  CHECK(arguments->server.transport == Transport::tls);
  CHECK(arguments->server.port == 8853);
  CHECK(arguments->server.timeout == 500ms);
  CHECK(arguments->expected == dns::Rcode::nxdomain);
}

TEST_CASE("what is wrong is said with what would be right", "[commands][query]") {
  struct Case {
    QueryWords words;
    const char* problem;
  };
  const Case cases[] = {
      {{.positional = {"@127.0.0.1"}}, "expected [@SERVER] NAME [TYPE]"},
      {{.positional = {"a", "A", "b"}}, "expected [@SERVER] NAME [TYPE]"},
      {{.positional = {"@", "a"}}, "behind @"},
      {{.positional = {"a..b"}}, "'a..b' is no domain name"},
      {{.positional = {"a", "AAAAA"}}, "'AAAAA' is no record type"},
      {{.positional = {"a"}, .timeout = "5"}, "'5' is no duration"},
      {{.positional = {"a"}, .timeout = "0s"}, "'0s' is no duration"},
      {{.positional = {"a"}, .expected = "OK"}, "'OK' is no RCODE"},
  };
  for (const auto& [words, expected] : cases) {
    std::string problem;
    CHECK_FALSE(read_arguments(words, problem));
    CHECK_THAT(problem, ContainsSubstring(expected));
  }
}

}  // namespace sluice::commands
