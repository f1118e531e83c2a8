// SPDX-License-Identifier: Apache-2.0
#include "tls/openssl_error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

TEST_CASE("OpenSSL's errors are told in words, once", "[tls]") {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  CHECK(SSL_CTX_load_verify_file(context, "/nonexistent/ca.crt") != 1);
  CHECK(sluice::tls::take_openssl_error() == "No such file or directory");
  CHECK(sluice::tls::take_openssl_error().empty());
  ERR_raise(ERR_LIB_SSL, SSL_R_NO_CERTIFICATE_SET);
  CHECK_THAT(sluice::tls::take_openssl_error(), Catch::Matchers::Equals("no certificate set"));
  SSL_CTX_free(context);
}
