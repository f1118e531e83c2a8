// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/certificate_rotation.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::kubernetes {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const std::string name = "sluice-webhook.sluice-system.svc";

/// A leader, and the Secret that it keeps.
struct World {
  /// Does what is planned; false when that is nothing.
  bool step() {
    auto planned = rotation.plan(secret, now);
    if (!planned) return false;
    secret = std::move(planned);
    secret->resource_version = "1";
    return true;
  }
  /// As if API servers had been told for long.
  void publish() {
    rotation.take_published(secret->authorities, now);
    now += 30s;
  }
  [[nodiscard]] std::size_t authorities() const {
    return current_certificates(secret->authorities, WallTime()).size();
  }
  /// Whether whoever trusts `bundle` trusts what is shown.
  [[nodiscard]] bool is_trusted_with(const std::string& bundle) const {
    return good_until(secret->serving, bundle, name, now).has_value();
  }

  CertificateRotation rotation{{.server_name = name}};
  WallTime now = std::chrono::system_clock::from_time_t(1'800'000'000);
  std::optional<WebhookSecret> secret;
};

}  // namespace

TEST_CASE("the first certificate lasts for ninety days and is left alone for sixty",
          "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  CHECK_FALSE(world.secret->next);
  CHECK(world.authorities() == 1);
  CHECK(good_until(world.secret->serving, world.secret->authorities, name, world.now) ==
        world.now + days(90));
  CHECK_FALSE(world.step());
  world.now += days(60);
  CHECK_FALSE(world.step());
}

TEST_CASE("at every moment of a rotation what is shown is trusted", "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  const std::string first = world.secret->authorities;
  const KeyPair shown = world.secret->serving;
  world.publish();
  world.now += days(61);

  REQUIRE(world.step());
  CHECK(world.secret->serving == shown);
  CHECK(world.secret->next);
  CHECK(world.authorities() == 2);
  CHECK(world.is_trusted_with(first));
  CHECK(world.is_trusted_with(world.secret->authorities));
  CHECK_FALSE(world.step());  // API servers know nothing of it yet

  world.rotation.take_published(world.secret->authorities, world.now);
  CHECK_FALSE(world.step());
  world.now += 29s;
  world.rotation.take_published(world.secret->authorities, world.now);
  CHECK_FALSE(world.step());
  world.now += 1s;
  REQUIRE(world.step());
  CHECK_FALSE(world.secret->next);
  CHECK(world.secret->serving != shown);
  CHECK(world.is_trusted_with(world.secret->authorities));
  // A replica that has not looked yet still shows the old one.
  CHECK(good_until(shown, world.secret->authorities, name, world.now));
  CHECK_FALSE(world.step());

  world.now += days(30);
  REQUIRE(world.step());  // the first authority is over
  CHECK(world.authorities() == 1);
  CHECK(world.is_trusted_with(world.secret->authorities));
  CHECK_FALSE(world.step());
}

TEST_CASE("a leader that takes over in a rotation begins to wait anew",
          "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  world.now += days(61);
  REQUIRE(world.step());
  world.publish();
  world.rotation = CertificateRotation({.server_name = name});
  CHECK_FALSE(world.step());
  world.publish();
  CHECK(world.step());
}

TEST_CASE("a clock that is set back makes API servers wait longer, not shorter",
          "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  world.now += days(61);
  REQUIRE(world.step());
  world.rotation.take_published(world.secret->authorities, world.now);
  world.now -= 1h;
  CHECK_FALSE(world.step());
  world.rotation.take_published(world.secret->authorities, world.now);
  CHECK_FALSE(world.step());
  world.now += 30s;
  CHECK(world.step());
}

TEST_CASE("what would not do is replaced at once", "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  const WebhookSecret good = *world.secret;
  const auto other = issue_certificate("other.example", world.now, world.now + 24h);
  struct Case {
    const char* what;
    WebhookSecret found;
    std::size_t authorities;
  };
  const Case cases[] = {
      {"an empty Secret", {.type = "Opaque", .resource_version = "1"}, 1},
      {"no key", {.authorities = good.authorities, .serving = {good.serving.certificate, ""}}, 2},
      {"another name", {.authorities = other.authority, .serving = other.pair}, 2},
      {"no authority", {.authorities = "", .serving = good.serving}, 1},
      {"nothing of it is a certificate", {.authorities = "x", .serving = {"y", "z"}}, 1},
  };
  for (const Case& test : cases) {
    INFO(test.what);
    world.secret = test.found;
    REQUIRE(world.step());
    CHECK(world.is_trusted_with(world.secret->authorities));
    CHECK(world.authorities() == test.authorities);
    CHECK_FALSE(world.secret->next);
    CHECK(world.secret->type == test.found.type);
    CHECK_FALSE(world.step());
  }
}

TEST_CASE("a certificate that ran out while nobody led is replaced by the next, or a new one",
          "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  world.now += days(61);
  REQUIRE(world.step());
  const KeyPair next = world.secret->next.value();
  SECTION("the next one is still good") {
    world.now += days(30);
    REQUIRE(world.step());
    CHECK(world.secret->serving == next);
  }
  SECTION("so did the next") {
    world.now += days(200);
    REQUIRE(world.step());
    CHECK(world.secret->serving != next);
    CHECK(world.authorities() == 1);
  }
  CHECK(world.is_trusted_with(world.secret->authorities));
}

TEST_CASE("a next certificate that makes no sense is made anew", "[kubernetes][certificate]") {
  World world;
  REQUIRE(world.step());
  world.secret->next = KeyPair{"x", "y"};
  REQUIRE(world.step());
  CHECK(good_until(world.secret->next.value(), world.secret->authorities, name, world.now));
}

TEST_CASE("two writers that do not agree cannot make the bundle grow without end",
          "[kubernetes][certificate]") {
  World world;
  const CertificateRotation other({.server_name = "other.example"});
  for (int i = 0; i < 10; ++i) {
    REQUIRE(world.step());
    world.secret = other.plan(world.secret, world.now).value();
  }
  CHECK(world.authorities() == 4);
}

}  // namespace sluice::kubernetes
