// SPDX-License-Identifier: Apache-2.0
#include "proxy/certificate_identity.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::proxy {
namespace {

using Texts = std::vector<std::string>;

std::string who(const config::CertificateNames& settings, const tls::SubjectNames& names) {
  const auto claim = CertificateIdentity(settings).claim_of(names);
  CHECK(claim.is_given());
  return std::string(claim.namespace_name());
}

const config::CertificateNames both{
    .trust_domain = "cluster.local",
    .dns_names = {"*.{namespace}.svc.cluster.local", "{namespace}.clients.example"}};

}  // namespace

TEST_CASE("a SPIFFE ID of the trust domain names the namespace, anything near it names nobody",
          "[proxy][identity][security]") {
  const std::string good = "spiffe://cluster.local/ns/shop/sa/web";
  const std::string label_63(63, 'n');
  const struct {
    const char* about;
    Texts uris;
    std::string name;
  } cases[] = {
      {"a workload", {good}, "shop"},
      {"an account with dots", {"spiffe://cluster.local/ns/shop/sa/web.v2"}, "shop"},
      {"the longest namespace", {"spiffe://cluster.local/ns/" + label_63 + "/sa/a"}, label_63},
      {"a longer one", {"spiffe://cluster.local/ns/" + label_63 + "n/sa/a"}, ""},
      {"two URIs", {good, "spiffe://cluster.local/ns/shop/sa/other"}, ""},
      {"the same twice", {good, good}, ""},
      {"one beside another kind of URI", {good, "https://shop.example"}, ""},
      {"another kind of URI", {"https://cluster.local/ns/shop/sa/web"}, ""},
      {"another trust domain", {"spiffe://cluster.locale/ns/shop/sa/web"}, ""},
      {"a trust domain below", {"spiffe://x.cluster.local/ns/shop/sa/web"}, ""},
      {"a trust domain above", {"spiffe://local/ns/shop/sa/web"}, ""},
      {"a user", {"spiffe://me@cluster.local/ns/shop/sa/web"}, ""},
      {"a port", {"spiffe://cluster.local:443/ns/shop/sa/web"}, ""},
      {"upper case in the scheme", {"SPIFFE://cluster.local/ns/shop/sa/web"}, ""},
      {"upper case in the trust domain", {"spiffe://Cluster.local/ns/shop/sa/web"}, ""},
      {"upper case in the namespace", {"spiffe://cluster.local/ns/Shop/sa/web"}, ""},
      {"percent-encoding", {"spiffe://cluster.local/ns/sh%6fp/sa/web"}, ""},
      {"an encoded slash", {"spiffe://cluster.local/ns/shop%2fsa%2fweb"}, ""},
      {"a step up", {"spiffe://cluster.local/ns/../ns/shop/sa/web"}, ""},
      {"an empty segment", {"spiffe://cluster.local//ns/shop/sa/web"}, ""},
      {"no namespace", {"spiffe://cluster.local/ns//sa/web"}, ""},
      {"no account", {"spiffe://cluster.local/ns/shop/sa/"}, ""},
      {"no account at all", {"spiffe://cluster.local/ns/shop"}, ""},
      {"more behind the account", {"spiffe://cluster.local/ns/shop/sa/web/x"}, ""},
      {"a slash at the end", {"spiffe://cluster.local/ns/shop/sa/web/"}, ""},
      {"a query", {"spiffe://cluster.local/ns/shop/sa/web?ns=bank"}, ""},
      {"a fragment", {"spiffe://cluster.local/ns/shop/sa/web#bank"}, ""},
      {"segments in another order", {"spiffe://cluster.local/sa/web/ns/shop"}, ""},
      {"a hyphen at the end", {"spiffe://cluster.local/ns/shop-/sa/web"}, ""},
      {"one that is too long", {good + std::string(2048, 'x')}, ""},
      {"the trust domain alone", {"spiffe://cluster.local"}, ""},
      {"an empty one", {""}, ""},
  };
  for (const auto& one : cases) {
    INFO(one.about);
    CHECK(who(both, {one.uris, {}}) == one.name);
    // Names that would do do not help a bad SPIFFE ID.
    CHECK(who(both, {one.uris, {"web.bank.svc.cluster.local"}}) == one.name);
  }
}

TEST_CASE("DNS names of a pattern name the namespace if all of them agree",
          "[proxy][identity][security]") {
  const struct {
    const char* about;
    Texts names;
    std::string name;
  } cases[] = {
      {"a name of the first pattern", {"web.shop.svc.cluster.local"}, "shop"},
      {"a name of the second", {"shop.clients.example"}, "shop"},
      {"upper case", {"Web.SHOP.svc.Cluster.local"}, "shop"},
      {"others beside it",
       {"web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local"},
       "shop"},
      {"two that agree", {"a.shop.svc.cluster.local", "shop.clients.example"}, "shop"},
      {"two that do not", {"a.shop.svc.cluster.local", "bank.clients.example"}, ""},
      {"the same the other way", {"bank.clients.example", "a.shop.svc.cluster.local"}, ""},
      {"none", {}, ""},
      {"another name", {"shop.example"}, ""},
      {"a label too many", {"a.web.shop.svc.cluster.local"}, ""},
      {"a label too few", {"shop.svc.cluster.local"}, ""},
      {"a wildcard for services", {"*.shop.svc.cluster.local"}, ""},
      {"a wildcard for namespaces", {"web.*.svc.cluster.local"}, ""},
      {"a dot at the end", {"web.shop.svc.cluster.local."}, ""},
      {"an empty label", {"web..svc.cluster.local"}, ""},
      {"the placeholder itself", {"{namespace}.clients.example"}, ""},
      {"an underscore", {"web.sh_op.svc.cluster.local"}, ""},
      {"one that is too long", {std::string(250, 'w') + ".shop.svc.cluster.local"}, ""},
      {"an empty one", {""}, ""},
  };
  for (const auto& one : cases) {
    INFO(one.about);
    CHECK(who(both, {{}, one.names}) == one.name);
  }
}

TEST_CASE("what the settings do not name does not count", "[proxy][identity]") {
  const tls::SubjectNames names{{"spiffe://cluster.local/ns/shop/sa/web"},
                                {"web.bank.svc.cluster.local"}};
  CHECK(who({.trust_domain = "cluster.local", .dns_names = {}}, names) == "shop");
  CHECK(who({.trust_domain = "", .dns_names = {"*.{namespace}.svc.cluster.local"}}, names) ==
        "bank");
  CHECK(who({.trust_domain = "", .dns_names = {"{namespace}.clients.example"}}, names).empty());
}

}  // namespace sluice::proxy
