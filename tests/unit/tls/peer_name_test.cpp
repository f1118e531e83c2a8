// SPDX-License-Identifier: Apache-2.0
#include "tls/peer_name.hpp"

#include <memory>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <openssl/bio.h>

#include "tests/support/certificate.hpp"

using namespace sluice;

namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

/// A client and a server whose octets go through memory.
struct Handshake {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path()};
  Context client_context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  Context server_context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};

  Handshake() {
    const auto files =
        ca.issue({.names = {"api.example", "*.wild.example", "192.0.2.1", "2001:db8::1"}});
    SSL_CTX_use_certificate_chain_file(server_context.get(), files.certificate_file.c_str());
    SSL_CTX_use_PrivateKey_file(server_context.get(), files.private_key_file.c_str(),
                                SSL_FILETYPE_PEM);
    SSL_CTX_load_verify_file(client_context.get(), ca.file().c_str());
    SSL_CTX_set_verify(client_context.get(), SSL_VERIFY_PEER, nullptr);
  }

  bool succeeds(const std::string& name) {
    const Session client(SSL_new(client_context.get()), SSL_free);
    const Session server(SSL_new(server_context.get()), SSL_free);
    BIO* client_end = nullptr;
    BIO* server_end = nullptr;
    REQUIRE(BIO_new_bio_pair(&client_end, 0, &server_end, 0) == 1);
    SSL_set_bio(client.get(), client_end, client_end);
    SSL_set_bio(server.get(), server_end, server_end);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    tls::require_peer_name(*client, name);
    for (int i = 0; i < 20; ++i) {
      SSL_do_handshake(client.get());
      SSL_do_handshake(server.get());
    }
    return SSL_is_init_finished(client.get()) == 1;
  }
};

}  // namespace

TEST_CASE("a peer must have the name or the address that is asked for", "[tls][security]") {
  const auto [name, is_right] = GENERATE(table<std::string, bool>({{"api.example", true},
                                                                   {"API.example", true},
                                                                   {"a.wild.example", true},
                                                                   {"192.0.2.1", true},
                                                                   {"2001:db8::1", true},
                                                                   {"2001:DB8:0::1", true},
                                                                   {"other.example", false},
                                                                   {"a.b.wild.example", false},
                                                                   {"192.0.2.2", false},
                                                                   {"2001:db8::2", false}}));
  Handshake handshake;
  INFO(name);
  CHECK(handshake.succeeds(name) == is_right);
}

TEST_CASE("a name that cannot be checked is one that no peer has", "[tls][security]") {
  Handshake handshake;
  CHECK_FALSE(handshake.succeeds(""));
  CHECK_FALSE(handshake.succeeds(std::string(300, 'a')));
}
