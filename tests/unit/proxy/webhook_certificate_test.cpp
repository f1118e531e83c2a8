// SPDX-License-Identifier: Apache-2.0
#include "proxy/webhook_certificate.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kubernetes/base64.hpp"
#include "kubernetes/json_access.hpp"
#include "proxy/log.hpp"
#include "tests/unit/kubernetes/api_world.hpp"

namespace sluice::proxy {
namespace {

using Catch::Matchers::ContainsSubstring;
using kubernetes::WebhookSecret;

const std::string secrets = "/api/v1/namespaces/sluice-system/secrets";
const std::string secret_path = secrets + "/sluice-webhook";
const std::string server_name = "sluice-webhook.sluice-system.svc";

/// An API server that keeps one Secret and one configuration.
struct World : tests::ApiWorld {
  World() {
    server.use_script([this](const Exchange& came) { serve(came); });
  }
  void serve(const Exchange& came) {
    const auto& request = came->request();
    requests.push_back(request);
    if (on_request) std::exchange(on_request, nullptr)();
    if (failure != 0) return came->answer(failure, "{}");
    if (request.target.starts_with(secrets)) return serve_secret(came);
    if (request.method == "PATCH") configuration_trusts = authorities_in(request.body);
    came->answer(200, R"({"metadata": {"resourceVersion": "1"}, "webhooks": [{"name":
        "filters.sluice.dev", "clientConfig": {"caBundle": ")" +
                          kubernetes::encode_base64(configuration_trusts) + "\"}}]}");
  }
  void serve_secret(const Exchange& came) {
    const auto& request = came->request();
    if (request.method == "GET") return came->answer(secret.empty() ? 404 : 200, secret);
    const bool is_creation = request.method == "POST";
    if (is_creation != secret.empty()) return came->answer(409, "{}");
    put(request.body);
    came->answer(200, secret);
  }
  /// As it is stored, with a version.
  void put(const std::string& body) {
    auto object = kubernetes::parse_object(body).value();
    object.at("metadata").as_object()["resourceVersion"] = std::to_string(++version);
    secret = boost::json::serialize(object);
  }
  void put(const kubernetes::IssuedCertificate& issued) {
    put(kubernetes::webhook_secret_body({"sluice-system", "sluice-webhook"},
                                        {.authorities = issued.authority, .serving = issued.pair}));
  }
  [[nodiscard]] WebhookSecret stored() const {
    return kubernetes::read_webhook_secret(kubernetes::parse_object(secret).value()).value();
  }
  static std::string authorities_in(const std::string& patch) {
    const auto object = kubernetes::parse_object(patch).value();
    const auto& webhook = object.at("webhooks").as_array().at(0).as_object();
    const auto* client = kubernetes::find_object(webhook, "clientConfig");
    return kubernetes::decode_base64(kubernetes::find_string(*client, "caBundle")).value();
  }
  [[nodiscard]] static kubernetes::IssuedCertificate issue(std::chrono::hours left) {
    const auto now = std::chrono::system_clock::now();
    return kubernetes::issue_certificate(server_name, now, now + left);
  }
  [[nodiscard]] bool shows(const kubernetes::KeyPair& pair) {
    const auto shown = certificate.source().read();
    return shown && shown->certificate == pair.certificate &&
           shown->private_key == pair.private_key;
  }
  [[nodiscard]] bool was_asked(const std::string& method) const {
    return std::ranges::find(requests, method, &tests::ApiServerRequest::method) != requests.end();
  }

  std::string secret;
  std::string configuration_trusts;
  int version = 0;
  unsigned failure = 0;
  std::function<void()> on_request;
  bool is_leader = true;
  int changes = 0;
  log::Capture capture;
  WebhookCertificate certificate{context.get_executor(),
                                 {.secret_name = "sluice-webhook",
                                  .namespace_name = "sluice-system",
                                  .configuration_name = "sluice-validating",
                                  .server_name = server_name},
                                 {.credentials = credentials,
                                  .is_leader = [this] { return is_leader; },
                                  .on_change = [this] { ++changes; }}};
};

constexpr std::chrono::hours long_left{24 * 80};

}  // namespace

TEST_CASE("the leader makes a certificate and tells API servers whom to trust",
          "[proxy][webhook]") {
  World world;
  world.certificate.start();
  REQUIRE(world.run_until([&] { return !world.secret.empty(); }));
  REQUIRE(world.run_until([&] { return world.changes == 1; }));
  world.certificate.begin();
  REQUIRE(world.run_until([&] { return !world.configuration_trusts.empty(); }));
  const auto stored = world.stored();
  CHECK(world.shows(stored.serving));
  CHECK(world.configuration_trusts == stored.authorities);
  CHECK(kubernetes::good_until(stored.serving, stored.authorities, server_name,
                               std::chrono::system_clock::now()));
  for (const std::string& line : world.capture.lines())
    CHECK(line.find("PRIVATE") == std::string::npos);
}

TEST_CASE("who does not lead shows what is there and writes nothing", "[proxy][webhook]") {
  World world;
  world.is_leader = false;
  world.certificate.start();
  REQUIRE(world.run_until([&] { return world.requests.size() == 1; }));
  CHECK_FALSE(world.certificate.source().read());
  const auto issued = World::issue(std::chrono::hours(1));
  world.put(issued);
  world.certificate.begin();
  REQUIRE(world.run_until([&] { return world.changes == 1; }));
  CHECK(world.shows(issued.pair));
  CHECK_FALSE(world.was_asked("POST"));
  CHECK_FALSE(world.was_asked("PUT"));
  CHECK_FALSE(world.was_asked("PATCH"));
}

TEST_CASE("of two leaders one is too late, and shows what the other has made", "[proxy][webhook]") {
  World world;
  const auto other = World::issue(long_left);
  world.certificate.start();
  // The other one is faster by one request.
  REQUIRE(world.run_until([&] { return world.requests.size() == 1; }));
  world.on_request = [&] { world.put(other); };
  REQUIRE(world.run_until([&] { return world.was_asked("POST"); }));
  REQUIRE(world.run_until([&] { return !world.capture.lines().empty(); }));
  world.certificate.begin();
  REQUIRE(world.run_until([&] { return world.changes == 1; }));
  CHECK(world.shows(other.pair));
  CHECK(world.stored().serving == other.pair);
}

TEST_CASE("a renewal is not shown before API servers have trusted it", "[proxy][webhook]") {
  World world;
  const auto old = World::issue(std::chrono::hours(24));
  world.put(old);
  world.certificate.start();
  REQUIRE(world.run_until([&] { return world.stored().next.has_value(); }));
  CHECK(world.configuration_trusts == old.authority);
  world.certificate.begin();
  REQUIRE(world.run_until([&] { return world.configuration_trusts != old.authority; }));
  CHECK(world.configuration_trusts == world.stored().authorities);
  CHECK(world.configuration_trusts.ends_with(old.authority));
  CHECK(world.shows(old.pair));
}

TEST_CASE("what is shown stays while the API server is away, which is told", "[proxy][webhook]") {
  World world;
  const auto issued = World::issue(long_left);
  world.put(issued);
  world.certificate.start();
  REQUIRE(world.run_until([&] { return world.configuration_trusts == issued.authority; }));
  world.failure = 503;
  const auto before = world.requests.size();
  REQUIRE(world.run_until([&] {
    world.certificate.begin();
    return world.requests.size() > before && world.capture.lines().size() > 1;
  }));
  CHECK_THAT(world.capture.lines().back(), ContainsSubstring("cannot read the webhook's Secret"));
  CHECK(world.shows(issued.pair));
  CHECK(world.changes == 1);
}

}  // namespace sluice::proxy
