// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/api_failure.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace sluice::kubernetes;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a Status is read as far as a client acts on it", "[kubernetes]") {
  const auto failure = make_http_failure(
      504, R"({"kind":"Status","code":504,"reason":"Timeout","message":"Too large resource version",
               "details":{"retryAfterSeconds":1,
                          "causes":[7,{"reason":"ResourceVersionTooLarge","message":"m"}]}})");
  CHECK(failure.kind == FailureKind::status);
  CHECK(failure.status.code == 504);
  CHECK(failure.status.reason == "Timeout");
  CHECK(failure.status.retry_after == std::chrono::seconds(1));
  CHECK(failure.status.is_version_too_large);
  CHECK_FALSE(failure.status.is_expired());
  CHECK(failure.text == "the API server answers 504 Timeout: Too large resource version");
}

TEST_CASE("an expired version is told by code or by reason", "[kubernetes]") {
  CHECK(ApiStatus{.code = 410}.is_expired());
  CHECK(ApiStatus{.code = 400, .reason = "Expired"}.is_expired());
  CHECK(ApiStatus{.code = 0, .reason = "Gone"}.is_expired());
  CHECK_FALSE(ApiStatus{.code = 404, .reason = "NotFound"}.is_expired());
}

TEST_CASE("a body that is no Status still says something", "[kubernetes]") {
  const std::string body = GENERATE("<html>\x1b[31mBad gateway</html>", "", "[]", "{}",
                                    R"({"code":"x","reason":7,"message":[],"details":[]})",
                                    R"({"details":{"causes":{},"retryAfterSeconds":-5}})");
  const auto failure = make_http_failure(502, body);
  CHECK(failure.status.code == 502);
  CHECK_FALSE(failure.status.retry_after);
  CHECK_FALSE(failure.status.is_version_too_large);
  CHECK_THAT(failure.text, ContainsSubstring("502"));
  CHECK(failure.text.find('\x1b') == std::string::npos);
}

TEST_CASE("what a server says is shortened", "[kubernetes][security]") {
  CHECK(make_http_failure(500, std::string(100000, 'x')).text.size() < 400);
  const auto status = R"({"reason":")" + std::string(5000, 'r') + R"(","message":")" +
                      std::string(5000, 'm') + R"("})";
  CHECK(make_http_failure(500, status).text.size() < 500);
}

TEST_CASE("labels are of a bounded set", "[kubernetes]") {
  CHECK(label_of({.kind = FailureKind::refused}) == "refused");
  CHECK(label_of({.kind = FailureKind::too_large}) == "too_large");
  CHECK(label_of(make_http_failure(410, "")) == "410");
  CHECK(label_of(make_status_failure({.code = 987})) == "other");
  CHECK(label_of(make_status_failure({.code = 0})) == "other");
}
