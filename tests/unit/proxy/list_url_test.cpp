// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_url.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;

TEST_CASE("URLs of lists are taken apart", "[proxy][list_url]") {
  struct Case {
    std::string text;
    std::string expected;  // scheme host port target authority
  };
  const std::vector<Case> table{
      {"http://lists.example/ads.txt", "http lists.example 80 /ads.txt lists.example"},
      {"https://lists.example", "https lists.example 443 / lists.example"},
      {"https://lists.example:8443/a?b=c#d", "https lists.example 8443 /a?b=c lists.example:8443"},
      {"https://lists.example?b", "https lists.example 443 /?b lists.example"},
      {"http://[2001:db8::1]:80/", "http 2001:db8::1 80 / [2001:db8::1]:80"},
      {"http://[2001:db8::1]/x", "http 2001:db8::1 80 /x [2001:db8::1]"},
      {"ftp://lists.example/", "-"},
      {"lists.example/ads", "-"},
      {"https://user:secret@lists.example/", "-"},
      {"https:///ads", "-"},
      {"https://lists.example:port/", "-"},
      {"https://lists.example/a b", "-"},
      {"https://lists.example/\r\nX: y", "-"},
      {"https://lists.example/" + std::string(2048, 'a'), "-"},
  };
  for (const auto& entry : table) {
    INFO(entry.text);
    const auto url = ListUrl::from_text(entry.text);
    const std::string found = !url ? "-"
                                   : std::string(url->is_https ? "https" : "http") + ' ' +
                                         url->host + ' ' + url->port + ' ' + url->target + ' ' +
                                         url->authority;
    CHECK(found == entry.expected);
  }
}

TEST_CASE("a redirection leads to another URL or another path", "[proxy][list_url]") {
  const auto url = ListUrl::from_text("https://lists.example:8443/a").value();
  CHECK(url.follow("/b?c")->target == "/b?c");
  CHECK(url.follow("/b?c")->port == "8443");
  CHECK(url.follow("https://other.example/x")->host == "other.example");
  CHECK_FALSE(url.follow("//other.example/x"));
  CHECK_FALSE(url.follow("b"));
  CHECK_FALSE(url.follow("javascript:x"));
  CHECK_FALSE(url.follow(""));
}
