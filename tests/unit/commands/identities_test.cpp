// SPDX-License-Identifier: Apache-2.0
#include "commands/identities.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/certificate.hpp"

namespace sluice::commands {
namespace {

constexpr const char* settings =
    "listeners: [{protocol: UDP, port: 5353}]\n"
    "upstreams: [{name: a, endpoints: [{address: 10.0.0.1}]}]\n"
    "policies: {directory: policies}\n"
    "clusterDomain: k8s.example\n"
    "identity:\n"
    "  static:\n"
    "  - {namespace: wide, cidrs: [10.0.0.0/16]}\n"
    "  - {namespace: shop, cidrs: [10.0.1.0/24, 'fd00::/64'], labels: {app: web}}\n";

std::optional<Identities> load(const std::string& text, config::Diagnostics& diagnostics) {
  const tests::TemporaryDirectory directory;
  const auto file = directory.path() / "sluice.yaml";
  std::ofstream(file) << text;
  return Identities::load(file, diagnostics);
}

recordings::RecordedClient client(const std::string& namespace_name, const char* address) {
  return {.namespace_name = namespace_name, .address = filters::Address::from_text(address)};
}

}  // namespace

TEST_CASE("a recorded address is whom the longest prefix says", "[commands][identities]") {
  config::Diagnostics diagnostics;
  const auto identities = load(settings, diagnostics);
  REQUIRE(identities);
  CHECK(identities->find(client("", "10.0.1.9"))->namespace_name == "shop");
  CHECK(identities->find(client("", "10.0.1.9"))->labels == filters::Labels{{"app", "web"}});
  CHECK(identities->find(client("", "10.0.2.9"))->namespace_name == "wide");
  CHECK(identities->find(client("", "fd00::5"))->namespace_name == "shop");
  CHECK_FALSE(identities->find(client("", "192.0.2.1")));
  CHECK_FALSE(identities->find({}));
}

TEST_CASE("a recorded namespace counts more, labels are those behind its address",
          "[commands][identities]") {
  config::Diagnostics diagnostics;
  const auto identities = load(settings, diagnostics);
  REQUIRE(identities);
  CHECK(identities->find(client("shop", "10.0.1.9"))->labels == filters::Labels{{"app", "web"}});
  const auto other = identities->find(client("other", "10.0.1.9"));
  CHECK(other->namespace_name == "other");
  CHECK(other->labels.empty());
}

TEST_CASE("cluster zones are those of the settings, or the usual ones", "[commands][identities]") {
  config::Diagnostics diagnostics;
  const auto identities = load(settings, diagnostics);
  REQUIRE(identities);
  CHECK(dns::to_text(identities->cluster_zones().front()) == "k8s.example.");
  const auto without = Identities::load("", diagnostics);
  CHECK(dns::to_text(without->cluster_zones().front()) == "cluster.local.");
  CHECK(without->find(client("shop", "10.0.1.9"))->namespace_name == "shop");
  CHECK_FALSE(without->find(client("", "10.0.1.9")));
}

TEST_CASE("wrong settings are told", "[commands][identities]") {
  for (const auto& text : {std::string("listeners: 7\n"), settings + std::string("x: 1\n")}) {
    config::Diagnostics diagnostics;
    CHECK_FALSE(load(text, diagnostics));
    CHECK_FALSE(diagnostics.empty());
  }
}

}  // namespace sluice::commands
