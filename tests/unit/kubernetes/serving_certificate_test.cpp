// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/serving_certificate.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/certificate.hpp"

namespace sluice::kubernetes {
namespace {

using Catch::Matchers::ContainsSubstring;

struct World {
  void put(const config::ServerTls& made) const {
    copy(made.certificate_file, directory.path() / "tls.crt");
    copy(made.private_key_file, directory.path() / "tls.key");
  }
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  }
  config::ServerTls issue() { return ca.issue({.names = {"127.0.0.1"}}); }

  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path() / "ca"};
  ServingCertificate certificate{
      certificate_files(directory.path() / "tls.crt", directory.path() / "tls.key")};
};

}  // namespace

TEST_CASE("a certificate is taken from its files", "[kubernetes][certificate]") {
  World world;
  world.put(world.issue());
  CHECK_FALSE(world.certificate.refresh());
  REQUIRE(world.certificate.context());
  CHECK(world.certificate.not_after() > std::chrono::system_clock::now());
}

TEST_CASE("files that are as they were make no new context", "[kubernetes][certificate]") {
  World world;
  world.put(world.issue());
  CHECK_FALSE(world.certificate.refresh());
  const auto before = world.certificate.context();
  CHECK_FALSE(world.certificate.refresh());
  CHECK(world.certificate.context() == before);
  world.put(world.issue());
  CHECK_FALSE(world.certificate.refresh());
  CHECK(world.certificate.context() != before);
}

TEST_CASE("a certificate that is missing is told once, and waited for",
          "[kubernetes][certificate]") {
  World world;
  const auto problem = world.certificate.refresh();
  REQUIRE(problem);
  CHECK(*problem == (world.directory.path() / "tls.crt").string() + ": cannot be read");
  CHECK_FALSE(world.certificate.refresh());
  CHECK_FALSE(world.certificate.context());
  CHECK(world.certificate.not_after() == std::chrono::system_clock::time_point());
  world.put(world.issue());
  CHECK_FALSE(world.certificate.refresh());
  CHECK(world.certificate.context());
}

TEST_CASE("what was good stays while its files make no sense", "[kubernetes][certificate]") {
  World world;
  world.put(world.issue());
  CHECK_FALSE(world.certificate.refresh());
  const auto before = world.certificate.context();
  const auto expiry = world.certificate.not_after();
  SECTION("a certificate that is none") {
    world.directory.write("tls.crt", "hello");
    CHECK_THAT(world.certificate.refresh().value(), ContainsSubstring("holds no certificate"));
  }
  SECTION("a key that is none") {
    world.directory.write("tls.key", "hello");
    CHECK_THAT(world.certificate.refresh().value(), ContainsSubstring("is no key of that"));
  }
  SECTION("a certificate whose key is still to come") {
    const auto next = world.issue();
    World::copy(next.certificate_file, world.directory.path() / "tls.crt");
    CHECK_THAT(world.certificate.refresh().value(), ContainsSubstring("is no key of that"));
    CHECK(world.certificate.context() == before);
    World::copy(next.private_key_file, world.directory.path() / "tls.key");
    CHECK_FALSE(world.certificate.refresh());
    CHECK(world.certificate.context() != before);
    return;
  }
  SECTION("a file that is gone") {
    std::filesystem::remove(world.directory.path() / "tls.key");
    CHECK(world.certificate.refresh().value() ==
          (world.directory.path() / "tls.key").string() + ": cannot be read");
  }
  CHECK(world.certificate.context() == before);
  CHECK(world.certificate.not_after() == expiry);
}

TEST_CASE("a certificate that is still to be made is no problem", "[kubernetes][certificate]") {
  std::optional<CertificatePem> kept;
  ServingCertificate certificate({"Secret 'a'", "Secret 'b'", [&kept] { return kept; }});
  CHECK_FALSE(certificate.refresh());
  CHECK_FALSE(certificate.context());
  kept = CertificatePem{"hello", "hello"};
  CHECK_THAT(certificate.refresh().value(), ContainsSubstring("Secret 'a': holds no certificate"));
}

}  // namespace sluice::kubernetes
