// SPDX-License-Identifier: Apache-2.0
#include "tls/certificate.hpp"

#include <cstdio>

#include <catch2/catch_test_macros.hpp>
#include <openssl/pem.h>

#include "tests/support/certificate.hpp"

namespace sluice::tls {
namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate read(const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "r"),
                                                               &std::fclose);
  REQUIRE(stream);
  return {PEM_read_X509(stream.get(), nullptr, nullptr, nullptr), &X509_free};
}

struct Fixture {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority authority{directory.path()};

  std::optional<SubjectNames> names_of(const tests::CertificateRequest& request) {
    return read_subject_names(*read(authority.issue(request).certificate_file));
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "names are read as they stand in the certificate", "[tls]") {
  const auto names = names_of({.names = {"Web.Shop.example", "192.0.2.1", "*.shop.example"},
                               .uris = {"spiffe://a/b", "https://c"}});
  REQUIRE(names);
  CHECK(names->dns_names == Texts{"Web.Shop.example", "*.shop.example"});
  CHECK(names->uris == Texts{"spiffe://a/b", "https://c"});
}

TEST_CASE_METHOD(Fixture, "a certificate without names has none", "[tls]") {
  const auto names = names_of({});
  REQUIRE(names);
  CHECK(names->dns_names.empty());
  CHECK(names->uris.empty());
}

TEST_CASE_METHOD(Fixture, "one name with octets that no name has spoils the certificate",
                 "[tls][security]") {
  CHECK_FALSE(names_of({.names = {"web.shop.example\0.evil.example"s}}));
  CHECK_FALSE(names_of({.names = {"good.example", "bad.example\n"}}));
  CHECK_FALSE(names_of({.names = {"sh\xc3\xb6p.example"}}));
  CHECK_FALSE(names_of({.uris = {"spiffe://cluster.local/ns/shop/sa/web\0x"s}}));
  CHECK_FALSE(names_of({.uris = {"spiffe://cluster.local/ns/shop/sa/web "}}));
}

TEST_CASE_METHOD(Fixture, "an authority is nobody's workload", "[tls][security]") {
  CHECK_FALSE(names_of({.uris = {"spiffe://cluster.local/ns/shop/sa/web"}, .is_authority = true}));
  CHECK_FALSE(read_subject_names(*read(authority.file())));
}

TEST_CASE_METHOD(Fixture, "the end of a certificate is known", "[tls]") {
  using namespace std::chrono;
  const auto left =
      not_after(read(authority.issue({}).certificate_file).get()) - system_clock::now();
  CHECK(left > hours(29 * 24));
  CHECK(left < hours(31 * 24));
  const auto expired = authority.issue({.validity = tests::Validity::expired});
  CHECK(not_after(read(expired.certificate_file).get()) < system_clock::now());
  CHECK(not_after(nullptr) == system_clock::time_point());
}

TEST_CASE_METHOD(Fixture, "files are read unless they are too large for certificates", "[tls]") {
  CHECK_FALSE(read_pem_file(directory.path() / "none"));
  directory.write("small", "text");
  CHECK(read_pem_file(directory.path() / "small") == "text");
  directory.write("large", std::string((1 << 20) + 1, 'x'));
  CHECK_FALSE(read_pem_file(directory.path() / "large"));
}

}  // namespace sluice::tls
