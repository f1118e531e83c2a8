// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/issued_certificate.hpp"

#include <catch2/catch_test_macros.hpp>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace sluice::kubernetes {
namespace {

using namespace std::chrono_literals;

const WallTime now = std::chrono::system_clock::from_time_t(1'800'000'000);
const WallTime later = now + 90 * 24h;
const std::string name = "sluice-webhook.sluice-system.svc";

/// What a client sees of a certificate.
struct Seen {
  explicit Seen(const std::string& pem)
      : bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))),
        certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr)) {
    REQUIRE(certificate != nullptr);
  }
  ~Seen() {
    X509_free(certificate);
    BIO_free(bio);
  }
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;

  BIO* bio;
  X509* certificate;
};

}  // namespace

TEST_CASE("a certificate is good for its name, its authority and its time",
          "[kubernetes][certificate]") {
  const auto issued = issue_certificate(name, now, later);
  CHECK(good_until(issued.pair, issued.authority, name, now) == later);
  struct Case {
    const char* what;
    std::string authorities;
    std::string server_name;
    WallTime when;
    bool is_good;
  };
  const std::string other = issue_certificate(name, now, later).authority;
  const Case cases[] = {
      {"among other authorities", other + issued.authority, name, now, true},
      {"a clock half an hour slow", issued.authority, name, now - 30min, true},
      {"a clock two hours slow", issued.authority, name, now - 2h, false},
      {"the last hour", issued.authority, name, later - 1h, true},
      {"when it is over", issued.authority, name, later + 1s, false},
      {"another authority of the same name", other, name, now, false},
      {"no authority", "", name, now, false},
      {"another name", issued.authority, "other.sluice-system.svc", now, false},
      {"a name above", issued.authority, "sluice-system.svc", now, false},
      {"its common name", issued.authority, "Sluice webhook", now, false},
      {"an address", issued.authority, "127.0.0.1", now, false},
  };
  for (const Case& test : cases) {
    INFO(test.what);
    CHECK(good_until(issued.pair, test.authorities, test.server_name, test.when).has_value() ==
          test.is_good);
  }
}

TEST_CASE("a certificate may be for an address", "[kubernetes][certificate]") {
  for (const std::string address : {"127.0.0.1", "fd00::1"}) {
    const auto issued = issue_certificate(address, now, later);
    CHECK(good_until(issued.pair, issued.authority, address, now) == later);
    CHECK_FALSE(good_until(issued.pair, issued.authority, "localhost", now));
  }
}

TEST_CASE("a pair whose parts do not fit is not good", "[kubernetes][certificate]") {
  const auto issued = issue_certificate(name, now, later);
  const auto other = issue_certificate(name, now, later);
  for (const std::string& key : {other.pair.private_key, std::string("hello"), std::string()})
    CHECK_FALSE(good_until({issued.pair.certificate, key}, issued.authority, name, now));
  for (const std::string text : {"", "hello"})
    CHECK_FALSE(good_until({text, issued.pair.private_key}, issued.authority, name, now));
  // An authority cannot be shown as if it were a server.
  CHECK_FALSE(good_until({issued.authority, issued.pair.private_key}, issued.authority, name, now));
}

TEST_CASE("every certificate has a key on P-256 and a serial number of its own",
          "[kubernetes][certificate]") {
  const auto first = issue_certificate(name, now, later);
  const auto second = issue_certificate(name, now, later);
  const Seen one(first.pair.certificate);
  const Seen two(second.pair.certificate);
  CHECK(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate),
                         X509_get0_serialNumber(two.certificate)) != 0);
  CHECK(first.pair.private_key != second.pair.private_key);
  CHECK(EVP_PKEY_get_bits(X509_get0_pubkey(one.certificate)) == 256);
  CHECK(X509_check_ca(one.certificate) == 0);
  CHECK(X509_check_ca(Seen(first.authority).certificate) == 1);
}

TEST_CASE("certificates that are over are left out of a bundle", "[kubernetes][certificate]") {
  const std::string early = issue_certificate(name, now, now + 24h).authority;
  const std::string late = issue_certificate(name, now, later).authority;
  CHECK(current_certificates(early + late, now) == std::vector{early, late});
  CHECK(current_certificates(early + late, now + 48h) == std::vector{late});
  CHECK(current_certificates("hello", now).empty());
  CHECK(current_certificates("# whose\n" + early, now) == std::vector{early});
}

}  // namespace sluice::kubernetes
