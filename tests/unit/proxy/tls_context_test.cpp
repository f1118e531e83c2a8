// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls_context.hpp"

#include <array>
#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <openssl/bio.h>

#include "tests/support/certificate.hpp"

using namespace sluice;
using namespace sluice::proxy;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A client and a server whose octets go through memory.
struct Pair {
  TlsSession client;
  TlsSession server;

  Pair(TlsSession c, TlsSession s) : client(std::move(c)), server(std::move(s)) {
    BIO* client_end = nullptr;
    BIO* server_end = nullptr;
    REQUIRE(BIO_new_bio_pair(&client_end, 0, &server_end, 0) == 1);
    SSL_set_bio(client.get(), client_end, client_end);
    SSL_set_bio(server.get(), server_end, server_end);
  }
  bool shake_hands() {
    for (int i = 0; i < 20; ++i) {
      SSL_do_handshake(client.get());
      SSL_do_handshake(server.get());
    }
    std::array<char, 16> data{};
    SSL_read(client.get(), data.data(), data.size());  // takes the session tickets
    return SSL_is_init_finished(client.get()) == 1 && SSL_is_init_finished(server.get()) == 1;
  }
};

struct Authority {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path()};
  config::ServerTls files = ca.issue({.names = {"dns.example", "192.0.2.1", "2001:db8::1"}});
  TlsServerContext server = *TlsServerContext::load(files);
  TlsClientContext client = *TlsClientContext::load({"", ca.file()});
  TlsResumption resumption;

  bool verifies(const std::string& name) {
    resumption.forget();
    Pair pair(client.make_session(name, resumption), server.make_session());
    return pair.shake_hands();
  }
};

/// A server that asks for certificates, and clients that show some.
struct MutualTls {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path() / "ca"};
  tests::CertificateAuthority stranger{directory.path() / "stranger"};
  config::ServerTls files = ca.issue({.names = {"dns.example"}});
  TlsResumption resumption;

  MutualTls() { files.client_ca_file = ca.file(); }

  Pair connect(const std::optional<config::ServerTls>& shown) {
    const auto client = *TlsClientContext::load({"", ca.file()});
    const auto server = *TlsServerContext::load(files);
    Pair pair(client.make_session("dns.example", resumption), server.make_session());
    if (shown) {
      REQUIRE(SSL_use_certificate_chain_file(pair.client.get(), shown->certificate_file.c_str()));
      REQUIRE(SSL_use_PrivateKey_file(pair.client.get(), shown->private_key_file.c_str(),
                                      SSL_FILETYPE_PEM));
    }
    return pair;
  }
  bool admits(const std::optional<config::ServerTls>& shown) {
    Pair pair = connect(shown);
    pair.shake_hands();
    return SSL_is_init_finished(pair.server.get()) == 1;
  }
};

}  // namespace

TEST_CASE_METHOD(MutualTls, "only a client's good certificate of the right authority is taken",
                 "[proxy][tls][security]") {
  using tests::Validity;
  CHECK(admits(ca.issue({.uris = {"spiffe://a/ns/b/sa/c"}})));
  CHECK(admits(ca.issue({.names = {"client.example"}, .purposes = "clientAuth"})));
  CHECK_FALSE(admits(std::nullopt));
  CHECK_FALSE(admits(stranger.issue({.names = {"client.example"}})));
  CHECK_FALSE(admits(ca.issue({.names = {"client.example"}, .validity = Validity::expired})));
  CHECK_FALSE(admits(ca.issue({.names = {"client.example"}, .validity = Validity::not_yet})));
  CHECK_FALSE(admits(ca.issue({.names = {"client.example"}, .purposes = "serverAuth"})));
}

TEST_CASE_METHOD(MutualTls, "where a certificate is optional, a bad one is still refused",
                 "[proxy][tls][security]") {
  files.client_certificate = config::ClientCertificate::optional;
  CHECK(admits(std::nullopt));
  CHECK(admits(ca.issue({.names = {"client.example"}})));
  CHECK_FALSE(admits(stranger.issue({.names = {"client.example"}})));
}

TEST_CASE_METHOD(MutualTls, "a client with a certificate shows it at each connection",
                 "[proxy][tls][security]") {
  const auto shown = ca.issue({.names = {"client.example"}});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (int i = 0; i < 2; ++i) {
      Pair pair = connect(shown);
      SSL_set_max_proto_version(pair.client.get(), version);
      REQUIRE(pair.shake_hands());
      CHECK(SSL_session_reused(pair.server.get()) == 0);
      CHECK(SSL_get0_peer_certificate(pair.server.get()) != nullptr);
    }
  }
}

TEST_CASE_METHOD(MutualTls, "a file of authorities that is none is told", "[proxy][tls]") {
  files.client_ca_file = directory.path() / "none.crt";
  const auto loaded = TlsServerContext::load(files);
  REQUIRE(loaded.has_error());
  CHECK_THAT(loaded.error().text, ContainsSubstring("none.crt: No such file or directory"));
}

TEST_CASE("a certificate must have the name or the address that is asked for",
          "[proxy][tls][security]") {
  Authority authority;
  CHECK(authority.verifies("dns.example"));
  CHECK(authority.verifies("192.0.2.1"));
  CHECK(authority.verifies("2001:db8::1"));
  CHECK_FALSE(authority.verifies("other.example"));
  CHECK_FALSE(authority.verifies("192.0.2.2"));
  CHECK_FALSE(authority.verifies("example"));
  CHECK_FALSE(authority.verifies(""));
}

TEST_CASE("TLS 1.3 and the protocol dot are agreed on", "[proxy][tls]") {
  Authority authority;
  Pair pair(authority.client.make_session("dns.example", authority.resumption),
            authority.server.make_session());
  REQUIRE(pair.shake_hands());
  CHECK(SSL_version(pair.client.get()) == TLS1_3_VERSION);
  const unsigned char* protocol = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(pair.client.get(), &protocol, &size);
  CHECK(std::string(protocol, protocol + size) == "dot");
  CHECK(std::string(SSL_get_servername(pair.server.get(), TLSEXT_NAMETYPE_host_name)) ==
        "dns.example");
}

TEST_CASE("old versions and other protocols are refused", "[proxy][tls][security]") {
  Authority authority;
  Pair pair(authority.client.make_session("dns.example", authority.resumption),
            authority.server.make_session());
  SECTION("TLS 1.2 is still good") {
    SSL_set_max_proto_version(pair.client.get(), TLS1_2_VERSION);
    CHECK(pair.shake_hands());
  }
  SECTION("TLS 1.1 is not") {
    SSL_set_security_level(pair.client.get(), 0);
    SSL_set_min_proto_version(pair.client.get(), TLS1_VERSION);
    SSL_set_max_proto_version(pair.client.get(), TLS1_1_VERSION);
    CHECK_FALSE(pair.shake_hands());
  }
  SECTION("a client that wants to speak HTTP is sent away") {
    constexpr std::array<unsigned char, 3> h2{2, 'h', '2'};
    SSL_set_alpn_protos(pair.client.get(), h2.data(), h2.size());
    CHECK_FALSE(pair.shake_hands());
  }
}

TEST_CASE("a session is kept and resumed", "[proxy][tls]") {
  Authority authority;
  REQUIRE(authority.verifies("dns.example"));
  REQUIRE(authority.resumption.get() != nullptr);
  Pair pair(authority.client.make_session("dns.example", authority.resumption),
            authority.server.make_session());
  REQUIRE(pair.shake_hands());
  CHECK(SSL_session_reused(pair.client.get()) == 1);
}

TEST_CASE("what is wrong with a file is said with its name", "[proxy][tls]") {
  const tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca(directory.path());
  const auto files = ca.issue({.names = {"dns.example"}});
  const auto other = ca.issue({.names = {"dns.example"}});
  const auto empty = directory.path() / "empty.pem";
  std::ofstream(empty).flush();

  const auto missing_ca = TlsClientContext::load({"", directory.path() / "none.crt"});
  REQUIRE(missing_ca.has_error());
  CHECK_THAT(missing_ca.error().text, ContainsSubstring("none.crt: No such file or directory"));
  const auto empty_ca = TlsClientContext::load({"", empty});
  REQUIRE(empty_ca.has_error());
  CHECK_THAT(empty_ca.error().text, ContainsSubstring("CA file " + empty.string()));
  const auto no_certificate = TlsServerContext::load({empty, files.private_key_file});
  REQUIRE(no_certificate.has_error());
  CHECK_THAT(no_certificate.error().text, ContainsSubstring("empty.pem: no start line"));
  const auto wrong_key = TlsServerContext::load({files.certificate_file, other.private_key_file});
  REQUIRE(wrong_key.has_error());
  CHECK_THAT(wrong_key.error().text, ContainsSubstring("key values mismatch"));
}

TEST_CASE("without a CA file the system's trust store is used", "[proxy][tls]") {
  CHECK(TlsClientContext::load({"dns.example", {}}).has_value());
}
