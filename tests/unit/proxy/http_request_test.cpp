// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_request.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/http2_client.hpp"

namespace sluice::proxy {
namespace {

using tests::Octets;

const Octets message{0, 0, 1, 0, 0, 1, 0xff, 0xfe};
const std::string encoded = "AAABAAAB__4";

}  // namespace

TEST_CASE("requests are queries, or told what they are instead", "[proxy][http]") {
  const std::string dns = "application/dns-message";
  const Octets longest(65535, 7);
  const struct {
    const char* about;
    HttpRequest request;
    std::optional<HttpError> error;
  } cases[] = {
      {"a GET", {"GET", "/dns-query?dns=" + encoded, "", {}}, {}},
      {"other parameters", {"GET", "/dns-query?a=b&dns=" + encoded + "&c", "", {}}, {}},
      {"a POST", {"POST", "/dns-query", dns, message}, {}},
      {"a POST with parameters", {"POST", "/dns-query?x=y", dns, message}, {}},
      {"a media type in upper case",
       {"POST", "/dns-query", "Application/DNS-Message", message},
       {}},
      {"one with parameters", {"POST", "/dns-query", dns + " ; charset=x", message}, {}},
      {"another path", {"GET", "/?dns=" + encoded, "", {}}, HttpError::not_found},
      {"a path below", {"GET", "/dns-query/?dns=" + encoded, "", {}}, HttpError::not_found},
      {"a path in upper case", {"GET", "/DNS-query?dns=" + encoded, "", {}}, HttpError::not_found},
      {"an encoded path", {"GET", "/dns%2Dquery?dns=" + encoded, "", {}}, HttpError::not_found},
      {"a whole URI", {"GET", "https://a/dns-query?dns=" + encoded, "", {}}, HttpError::not_found},
      {"no path", {"OPTIONS", "*", "", {}}, HttpError::not_found},
      {"nothing", {"", "", "", {}}, HttpError::not_found},
      {"no parameter", {"GET", "/dns-query", "", {}}, HttpError::bad_request},
      {"an empty one", {"GET", "/dns-query?dns=", "", {}}, HttpError::bad_request},
      {"two of them", {"GET", "/dns-query?dns=AAAA&dns=AAAA", "", {}}, HttpError::bad_request},
      {"one in upper case", {"GET", "/dns-query?DNS=AAAA", "", {}}, HttpError::bad_request},
      {"padding", {"GET", "/dns-query?dns=" + encoded + "=", "", {}}, HttpError::bad_request},
      {"plain base64", {"GET", "/dns-query?dns=AAABAAAB//4", "", {}}, HttpError::bad_request},
      {"a fragment", {"GET", "/dns-query?dns=AAAA#x", "", {}}, HttpError::bad_request},
      {"no type", {"POST", "/dns-query", "", message}, HttpError::unsupported_media_type},
      {"another type",
       {"POST", "/dns-query", "application/dns-json", message},
       HttpError::unsupported_media_type},
      {"a longer type",
       {"POST", "/dns-query", dns + "s", message},
       HttpError::unsupported_media_type},
      {"no body", {"POST", "/dns-query", dns, {}}, HttpError::bad_request},
      {"the longest body", {"POST", "/dns-query", dns, longest}, {}},
      {"a longer one", {"POST", "/dns-query", dns, Octets(65536)}, HttpError::content_too_large},
      {"a HEAD", {"HEAD", "/dns-query?dns=" + encoded, "", {}}, HttpError::method_not_allowed},
      {"a PUT", {"PUT", "/dns-query", dns, message}, HttpError::method_not_allowed},
      {"a method in lower case",
       {"get", "/dns-query?dns=" + encoded, "", {}},
       HttpError::method_not_allowed},
  };
  for (auto one : cases) {
    INFO(one.about);
    const Octets expected = one.request.method == "POST" ? one.request.body : message;
    const HttpQuery query = query_of(one.request, "/dns-query");
    CHECK(query.error == one.error);
    CHECK(query.message == (one.error ? Octets() : expected));
  }
}

TEST_CASE("base64url is read to the letter", "[proxy][http]") {
  CHECK(decode_base64url("") == Octets());
  CHECK(decode_base64url("AA") == Octets{0});
  CHECK(decode_base64url("AAA") == Octets{0, 0});
  CHECK(decode_base64url("_-8") == Octets{0xff, 0xef});
  for (const char* bad :
       {"A", "AAAAA", "AB", "AAB", "AA=", "AA==", " AA", "A\n", "A+", "A/", "A.", "AA\xc3\xa9"}) {
    INFO(bad);
    CHECK_FALSE(decode_base64url(bad));
  }
  Octets all;
  for (unsigned i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::uint8_t>(i * 7));
    CHECK(decode_base64url(tests::base64url(all)) == all);
  }
}

}  // namespace sluice::proxy
