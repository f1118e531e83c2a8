// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/kubernetes/api_world.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using tests::answering;

namespace {

namespace asio = boost::asio;

struct World : tests::ApiWorld {
  ConnectionSettings settings{.user_agent = "sluice/0 (test)"};

  using Result = std::optional<ApiResult<std::string>>;

  /// Begins an exchange; what comes of it is in the result.
  static void begin(ApiConnection& connection, ApiRequest request, Result& result,
                    asio::io_context& context) {
    asio::co_spawn(
        context,
        [&connection, request = std::move(request), &result]() -> asio::awaitable<void> {
          result = co_await connection.exchange(request);
        },
        asio::detached);
  }
  ApiResult<std::string> exchange_over(ApiConnection& connection, ApiRequest request) {
    Result result;
    begin(connection, std::move(request), result, context);
    REQUIRE(run_until([&] { return result.has_value(); }));
    return *result;
  }
  /// Over a connection of its own.
  ApiResult<std::string> get(const std::string& target = "/api/v1/pods") {
    ApiConnection connection(context.get_executor(), credentials, settings);
    return exchange_over(connection, {.target = target});
  }
  /// What fails, and how.
  std::string failure_of_get() {
    const auto result = get();
    return result ? "none" : label_of(result.error()) + ": " + result.error().text;
  }
};

}  // namespace

TEST_CASE("a request says who asks for what", "[kubernetes][http]") {
  World world;
  world.plan = {answering(200, "the body")};
  CHECK(*world.get("/api/v1/pods?limit=500") == "the body");
  const auto& request = world.requests.at(0);
  CHECK(request.method == "GET");
  CHECK(request.target == "/api/v1/pods?limit=500");
  CHECK(request.headers.at("user-agent") == "sluice/0 (test)");
  CHECK(request.headers.at("accept") == "application/json");
  CHECK(request.headers.at("authorization") == "Bearer first");
  CHECK(request.headers.at("host") == "127.0.0.1:" + std::to_string(world.server.port()));
  CHECK_FALSE(request.headers.contains("accept-encoding"));
  CHECK(request.alpn == "http/1.1");
}

TEST_CASE("what is written has a method, a type and a body", "[kubernetes][http]") {
  World world;
  world.plan = {answering(201, "made")};
  ApiConnection connection(world.context.get_executor(), world.credentials, world.settings);
  const auto result =
      world.exchange_over(connection, {.method = "PATCH",
                                       .target = "/apis/x/status?force=true",
                                       .content_type = "application/apply-patch+yaml",
                                       .body = R"({"kind":"DNSFilter"})"});
  CHECK(*result == "made");
  CHECK(world.requests.at(0).method == "PATCH");
  CHECK(world.requests.at(0).headers.at("content-type") == "application/apply-patch+yaml");
  CHECK(world.requests.at(0).body == R"({"kind":"DNSFilter"})");
}

TEST_CASE("a connection is kept unless the server ends it", "[kubernetes][http]") {
  World world;
  world.plan = {answering(200), answering(200, "{}", {{"Connection", "close"}}), answering(200)};
  ApiConnection connection(world.context.get_executor(), world.credentials, world.settings);
  for (int i = 0; i < 3; ++i)
    CHECK(world.exchange_over(connection, {.target = "/"}).has_value());
  CHECK(world.server.accepted() == 2);
}

TEST_CASE("a kept connection that has ended costs a GET nothing", "[kubernetes][http]") {
  World world;
  const auto answer_and_drop = [](const tests::ApiWorld::Exchange& exchange) {
    exchange->answer(200, "{}");
    exchange->drop();
  };
  world.plan = {answer_and_drop, answering(200)};
  ApiConnection connection(world.context.get_executor(), world.credentials, world.settings);
  CHECK(world.exchange_over(connection, {.target = "/"}).has_value());
  SECTION("which is sent again") {
    CHECK(world.exchange_over(connection, {.target = "/"}).has_value());
    CHECK(world.server.accepted() == 2);
  }
  SECTION("and is told to whoever writes, as the server may have done it") {
    const auto result = world.exchange_over(connection, {.method = "POST", .target = "/"});
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == FailureKind::lost);
  }
}

TEST_CASE("a 401 is tried once more with the token read again", "[kubernetes][http]") {
  World world;
  const auto expire = [&](const tests::ApiWorld::Exchange& exchange) {
    world.write_token("second");
    exchange->answer(401, R"({"reason":"Unauthorized"})");
  };
  SECTION("which is good then") {
    world.plan = {expire, answering(200, "welcome")};
    CHECK(*world.get() == "welcome");
    CHECK(world.requests.at(1).headers.at("authorization") == "Bearer second");
  }
  SECTION("and not more often than that") {
    world.plan = {expire, expire, answering(200)};
    CHECK(world.failure_of_get() == "401: the API server answers 401 Unauthorized");
    CHECK(world.requests.size() == 2);
  }
}

TEST_CASE("what the server refuses is told with its reason", "[kubernetes][http]") {
  World world;
  world.plan = {
      answering(429, R"({"reason":"TooManyRequests","message":"wait"})", {{"Retry-After", "7"}})};
  const auto result = world.get();
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == FailureKind::status);
  CHECK(result.error().status.code == 429);
  CHECK(result.error().status.retry_after == 7s);
  world.plan = {answering(429, "", {{"Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"}})};
  CHECK_FALSE(world.get().error().status.retry_after);
}

TEST_CASE("an answer has a bound", "[kubernetes][http][security]") {
  World world;
  world.settings.limits.max_body = 1000;
  world.plan = {answering(200, std::string(1000, 'x')), answering(200, std::string(1001, 'x')),
                answering(500, std::string(1'000'000, 'x'))};
  CHECK(world.get()->size() == 1000);
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("too_large: "));
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("500: "));
}

TEST_CASE("a server must have the address that it is asked at", "[kubernetes][http][security]") {
  World world;
  world.server.use_certificate(world.ca.issue({.names = {"kubernetes", "127.0.0.2"}}));
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("tls: ") && ContainsSubstring("127.0.0.1"));
  CHECK(world.requests.empty());
  auto access = world.credentials.access();
  access.server_name = "kubernetes";
  world.credentials = Credentials(access);
  world.plan = {answering(200, "by its other name")};
  CHECK(*world.get() == "by its other name");
}

TEST_CASE("a CA that is replaced is used for the next connection", "[kubernetes][http]") {
  World world;
  world.plan = {answering(200), answering(200)};
  CHECK(world.get().has_value());
  tests::CertificateAuthority next(world.directory.path() / "next");
  world.server.use_certificate(next.issue({.names = {"127.0.0.1"}}));
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("tls: "));
  world.use_authority(next);
  CHECK(world.get().has_value());
}

TEST_CASE("nobody there is told from nobody who answers", "[kubernetes][http]") {
  World world;
  world.settings.limits.answer = 10ms;
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("timeout: "));
  world.server.stop();
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("refused: "));
}

TEST_CASE("a server that never shakes hands is given up", "[kubernetes][http][security]") {
  World world;
  asio::ip::tcp::acceptor silent(world.context, {asio::ip::address_v4::loopback(), 0});
  auto access = world.credentials.access();
  access.port = silent.local_endpoint().port();
  world.credentials = Credentials(access);
  world.settings.limits.handshake = 10ms;
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("timeout: "));
}

TEST_CASE("a server that sends drop by drop is given up", "[kubernetes][http][security]") {
  World world;
  world.settings.limits.answer = 20ms;
  const std::string beginning =
      GENERATE("HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
  world.plan = {[&](const auto& exchange) { exchange->send(beginning); }};
  ApiConnection connection(world.context.get_executor(), world.credentials, world.settings);
  World::Result result;
  World::begin(connection, {.target = "/"}, result, world.context);
  while (!result) {
    if (world.exchange) world.exchange->send("x");
    world.context.run_for(1ms);
  }
  REQUIRE_FALSE(result->has_value());
  CHECK(result->error().kind == FailureKind::timeout);
}

TEST_CASE("half an answer is none, however it ends", "[kubernetes][http][security]") {
  World world;
  const bool drops = GENERATE(true, false);
  world.plan = {[&](const auto& exchange) {
    exchange->send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    drops ? exchange->drop() : exchange->half_close();
  }};
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("lost: "));
}

TEST_CASE("what is no HTTP is no answer", "[kubernetes][http][security]") {
  World world;
  const std::string octets = GENERATE("SSH-2.0-OpenSSH_9\r\n\r\n", "HTTP/1.1 banana\r\n\r\n");
  world.plan = {[&](const auto& exchange) { exchange->send(octets); }};
  CHECK_THAT(world.failure_of_get(), ContainsSubstring("invalid: "));
}

TEST_CASE("closing ends what is under way, and no other request is made", "[kubernetes][http]") {
  World world;
  world.plan = {answering(200)};
  ApiConnection connection(world.context.get_executor(), world.credentials, world.settings);
  CHECK(world.exchange_over(connection, {.target = "/"}).has_value());
  World::Result result;
  World::begin(connection, {.target = "/"}, result, world.context);
  REQUIRE(world.run_until([&] { return world.requests.size() == 2; }));
  connection.close();
  REQUIRE(world.run_until([&] { return result.has_value(); }));
  REQUIRE_FALSE(result->has_value());
  CHECK(result->error().kind == FailureKind::lost);
  CHECK(world.requests.size() == 2);
  world.plan = {answering(200)};
  CHECK(world.exchange_over(connection, {.target = "/"}).has_value());
}
