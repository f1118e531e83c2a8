// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/credentials.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/certificate.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using namespace std::chrono_literals;

namespace {

const TimePoint start{std::chrono::hours(1000)};

struct Files {
  tests::TemporaryDirectory directory;
  std::filesystem::path token = directory.path() / "token";
  std::filesystem::path ca = directory.path() / "ca-in-use.crt";

  static void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
  }
  void use_authority(const std::string& name) const {
    const tests::CertificateAuthority authority(directory.path() / name);
    std::filesystem::copy_file(authority.file(), ca,
                               std::filesystem::copy_options::overwrite_existing);
  }
};

}  // namespace

TEST_CASE("a token is read again after a minute, or when it was not taken", "[kubernetes]") {
  const Files files;
  Files::write(files.token, "\n one \r\n");
  Credentials credentials({.host = "192.0.2.1", .token = {.file = files.token}});
  CHECK(*credentials.token(start) == "one");
  Files::write(files.token, "two");
  CHECK(*credentials.token(start + 59s) == "one");
  CHECK(*credentials.token(start + 60s) == "two");
  Files::write(files.token, "three");
  CHECK(*credentials.token(start + 61s) == "two");
  credentials.expire_token();
  CHECK(*credentials.token(start + 61s) == "three");
}

TEST_CASE("a token file that is replaced by a symbolic link is followed", "[kubernetes]") {
  const Files files;
  Files::write(files.directory.path() / "first", "one");
  Files::write(files.directory.path() / "second", "two");
  std::filesystem::create_symlink("first", files.token);
  Credentials credentials({.host = "192.0.2.1", .token = {.file = files.token}});
  CHECK(*credentials.token(start) == "one");
  std::filesystem::create_symlink("second", files.directory.path() / "next");
  std::filesystem::rename(files.directory.path() / "next", files.token);
  CHECK(*credentials.token(start + 1h) == "two");
}

TEST_CASE("the last good token stays while its file holds none", "[kubernetes][security]") {
  const Files files;
  Files::write(files.token, "good");
  Credentials credentials({.host = "192.0.2.1", .token = {.file = files.token}});
  CHECK(*credentials.token(start) == "good");
  const std::string bad = GENERATE("", " \n", "a\r\nX-Injected: yes", "a b", "\x01");
  Files::write(files.token, bad);
  CHECK(*credentials.token(start + 1h) == "good");
  std::filesystem::remove(files.token);
  CHECK(*credentials.token(start + 2h) == "good");
}

TEST_CASE("without a token that can be used there is a failure that does not tell it",
          "[kubernetes][security]") {
  const Files files;
  Files::write(files.token, "half a\nsecret");
  Credentials credentials({.host = "192.0.2.1", .token = {.file = files.token}});
  const auto token = credentials.token(start);
  REQUIRE_FALSE(token.has_value());
  CHECK(token.error().kind == FailureKind::credentials);
  CHECK(token.error().text == files.token.string() + " holds no token");
}

TEST_CASE("a token may stand in the configuration, or there may be none", "[kubernetes]") {
  CHECK(*Credentials({.host = "h", .token = {.text = "t\n"}}).token(start) == "t");
  CHECK(Credentials({.host = "h"}).token(start)->empty());
}

TEST_CASE("the TLS context is the same until a file changes", "[kubernetes]") {
  const Files files;
  files.use_authority("first");
  Credentials credentials({.host = "192.0.2.1", .ca = {.file = files.ca}});
  const auto first = credentials.tls_context();
  REQUIRE(first.has_value());
  CHECK(*credentials.tls_context() == *first);
  files.use_authority("second");
  const auto second = credentials.tls_context();
  REQUIRE(second.has_value());
  CHECK(*second != *first);
}

TEST_CASE("the last good CA stays while its file holds none", "[kubernetes][security]") {
  const Files files;
  files.use_authority("first");
  Credentials credentials({.host = "192.0.2.1", .ca = {.file = files.ca}});
  const auto good = credentials.tls_context();
  REQUIRE(good.has_value());
  Files::write(files.ca, GENERATE("", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n"));
  CHECK(*credentials.tls_context() == *good);
  std::filesystem::remove(files.ca);
  CHECK(*credentials.tls_context() == *good);
}

TEST_CASE("a CA that holds no certificate is not the system's trust store",
          "[kubernetes][security]") {
  const Files files;
  Files::write(files.ca, GENERATE("", "no PEM"));
  Credentials credentials({.host = "192.0.2.1", .ca = {.file = files.ca}});
  const auto context = credentials.tls_context();
  REQUIRE_FALSE(context.has_value());
  CHECK(context.error().kind == FailureKind::credentials);
}

TEST_CASE("a client certificate needs its own key", "[kubernetes]") {
  const Files files;
  tests::CertificateAuthority authority(files.directory.path() / "ca");
  const auto mine = authority.issue({.names = {"me"}});
  const auto other = authority.issue({.names = {"other"}});
  const auto usable = [&](const std::filesystem::path& key) {
    return Credentials({.host = "h",
                        .ca = {.file = authority.file()},
                        .client_certificate = {.file = mine.certificate_file},
                        .client_key = {.file = key}})
        .tls_context()
        .has_value();
  };
  CHECK(usable(mine.private_key_file));
  CHECK_FALSE(usable(other.private_key_file));
  CHECK_FALSE(usable("/nonexistent"));
}
