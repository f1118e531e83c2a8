// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener_certificates.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

/// A listener whose files are links, as those of a mounted Secret.
struct Fixture {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority authority{directory.path() / "ca"};
  config::ServerTls files{directory.path() / "tls.crt", directory.path() / "tls.key",
                          directory.path() / "ca.crt"};
  std::vector<config::Listener> listeners{
      {"plain", config::ListenerProtocol::udp, "127.0.0.1", 0, {}},
      {"mesh", config::ListenerProtocol::tls, "127.0.0.1", 0, files}};
  boost::asio::io_context context;
  ProcessStatus status{"test"};
  ListenerCertificates certificates{context, listeners, status};
  std::vector<SystemTime> published;

  Fixture() {
    put(files.client_ca_file, authority.file());
    show(authority.issue({.names = {"a.example"}}));
  }
  static void put(const fs::path& link, const fs::path& target) {
    fs::remove(link);
    fs::create_symlink(target, link);
  }
  void show(const config::ServerTls& shown) const {
    put(files.certificate_file, shown.certificate_file);
    put(files.private_key_file, shown.private_key_file);
  }
  /// How many contexts came of it.
  std::size_t refresh() {
    published.clear();
    certificates.refresh([this](std::uint16_t listener, const TlsServerContext& now) {
      CHECK(listener == 1);
      published.push_back(now.not_after());
    });
    return published.size();
  }
  [[nodiscard]] SystemTime expiry() const { return status.values().certificate_expiry.at("mesh"); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a certificate that is replaced is used and its end told",
                 "[proxy][tls]") {
  REQUIRE(certificates.load(1).has_value());
  const auto first = expiry();
  CHECK(first > std::chrono::system_clock::now());
  CHECK(refresh() == 0);
  show(authority.issue({.names = {"a.example"}, .validity = tests::Validity::expired}));
  CHECK(refresh() == 1);
  CHECK(published[0] < first);
  CHECK(expiry() == published[0]);
  CHECK(refresh() == 0);
  CHECK(status.values().certificate_expiry.size() == 1);
}

TEST_CASE_METHOD(Fixture, "other authorities for clients are taken too", "[proxy][tls]") {
  REQUIRE(certificates.load(1).has_value());
  const tests::CertificateAuthority other(directory.path() / "other");
  put(files.client_ca_file, other.file());
  CHECK(refresh() == 1);
  CHECK(refresh() == 0);
}

TEST_CASE_METHOD(Fixture, "files that make no sense change nothing", "[proxy][tls]") {
  REQUIRE(certificates.load(1).has_value());
  const auto first = expiry();
  const auto next = authority.issue({.names = {"a.example"}});
  put(files.certificate_file, next.certificate_file);  // and the key not yet
  CHECK(refresh() == 0);
  CHECK(expiry() == first);
  put(files.private_key_file, next.private_key_file);
  CHECK(refresh() == 1);
  fs::remove(files.certificate_file);
  CHECK(refresh() == 0);
  directory.write("tls.crt", "no certificate");
  CHECK(refresh() == 0);
  put(files.certificate_file, next.certificate_file);
  CHECK(refresh() == 1);
}

TEST_CASE_METHOD(Fixture, "a start without a certificate is told", "[proxy][tls]") {
  fs::remove(files.private_key_file);
  CHECK_FALSE(certificates.load(1).has_value());
  CHECK(status.values().certificate_expiry.empty());
}

}  // namespace sluice::proxy
