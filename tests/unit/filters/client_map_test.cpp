// SPDX-License-Identifier: Apache-2.0
#include "filters/client_map.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/allocation_counter.hpp"
#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

constexpr std::uint16_t some_listener = 3;

std::shared_ptr<const Client> make_client(std::string tenant) {
  Client client;
  client.tenant = std::move(tenant);
  return std::make_shared<const Client>(std::move(client));
}

std::string found(const ClientMap& map, const char* address,
                  std::uint16_t listener = some_listener) {
  const Client* client = map.find(*Address::from_text(address), listener);
  return client == nullptr ? "nobody" : client->tenant;
}

void add(ClientMap& map, const char* prefix, const std::string& tenant) {
  REQUIRE(map.add_prefix(*Prefix::from_text(prefix), make_client(tenant)));
}

}  // namespace

TEST_CASE("a certificate names a client, and never another than the address does",
          "[filters][client_map][security]") {
  const auto in_namespace = [](const char* name, const char* tenant) {
    Client client;
    client.tenant = tenant;
    client.namespace_name = name;
    return std::make_shared<const Client>(std::move(client));
  };
  ClientMap map;
  map.add_prefix(*Prefix::from_text("10.0.0.1"), in_namespace("shop", "pod"));
  map.add_contested(*Address::from_text("10.0.0.2"));
  map.add_listener(7, in_namespace("bank", "listener"));
  map.add_namespace("shop", in_namespace("shop", "shop by certificate"));
  map.add_namespace("bank", in_namespace("bank", "bank by certificate"));

  using Problem = CertificateProblem;
  const auto none = CertificateClaim();
  const auto shop = CertificateClaim::of("shop");
  const auto bank = CertificateClaim::of("bank");
  const auto long_name = CertificateClaim::of(std::string(64, 'n'));
  const struct {
    const char* address;
    std::uint16_t listener;
    CertificateClaim claim;
    std::string tenant;
    std::optional<Problem> problem;
  } cases[] = {
      {"10.0.0.1", 0, none, "pod", {}},
      {"10.0.0.1", 0, shop, "pod", {}},
      {"10.0.0.1", 0, bank, "refused", Problem::conflict},
      {"10.0.0.1", 0, CertificateClaim::of("elsewhere"), "refused", Problem::conflict},
      {"10.0.0.1", 0, CertificateClaim::nobody(), "refused", Problem::no_namespace},
      {"10.0.0.1", 0, long_name, "refused", Problem::no_namespace},
      {"10.0.0.2", 0, none, "nobody", {}},
      {"10.0.0.2", 0, shop, "refused", Problem::conflict},
      {"10.0.0.3", 0, none, "nobody", {}},
      {"10.0.0.3", 0, shop, "shop by certificate", {}},
      {"10.0.0.3", 0, CertificateClaim::of("elsewhere"), "nobody", Problem::unknown_namespace},
      {"10.0.0.3", 0, CertificateClaim::nobody(), "nobody", Problem::no_namespace},
      {"10.0.0.3", 7, bank, "listener", {}},
      {"10.0.0.3", 7, shop, "refused", Problem::conflict},
  };
  const auto check_all = [&](const std::string& stranger) {
    for (const auto& one : cases) {
      INFO(one.address << ' ' << one.listener << ' ' << one.claim.namespace_name());
      const auto who = map.find(*Address::from_text(one.address), one.listener, one.claim);
      const std::string tenant = who.client == nullptr ? "refused" : who.client->tenant;
      CHECK(tenant == (one.tenant == "nobody" ? stranger : one.tenant));
      CHECK(who.problem == one.problem);
    }
  };
  check_all("refused");
  map.set_unknown(in_namespace("", "stranger"));
  check_all("stranger");
}

TEST_CASE("the longest prefix wins, whatever the order of adding", "[filters][client_map]") {
  ClientMap map;
  add(map, "10.1.0.0/16", "sixteen");
  add(map, "10.1.2.3", "pod");
  add(map, "10.0.0.0/8", "eight");
  add(map, "10.1.2.0/24", "twenty-four");
  add(map, "fd00::/64", "six");
  add(map, "fd00::1", "pod-six");
  struct Case {
    const char* address;
    const char* tenant;
  };
  const Case cases[] = {
      {"10.1.2.3", "pod"},     {"::ffff:10.1.2.3", "pod"}, {"10.1.2.4", "twenty-four"},
      {"10.1.3.4", "sixteen"}, {"10.2.0.1", "eight"},      {"11.0.0.1", "nobody"},
      {"fd00::1", "pod-six"},  {"fd00::2", "six"},         {"fd00:0:0:1::", "nobody"}};
  for (const auto& [address, tenant] : cases) {
    CAPTURE(address);
    CHECK(found(map, address) == tenant);
  }
}

TEST_CASE("the prefix of all IPv6 addresses has no IPv4 client", "[filters][client_map]") {
  ClientMap map;
  add(map, "::/0", "six");
  CHECK(found(map, "2001:db8::1") == "six");
  CHECK(found(map, "192.0.2.1") == "nobody");
  add(map, "0.0.0.0/0", "four");
  CHECK(found(map, "192.0.2.1") == "four");
  CHECK(found(map, "2001:db8::1") == "six");
}

TEST_CASE("a listener's client and the unknown client come behind prefixes",
          "[filters][client_map]") {
  ClientMap map;
  add(map, "10.0.0.0/8", "prefix");
  REQUIRE(map.add_listener(7, make_client("listener")));
  CHECK(found(map, "10.0.0.1", 7) == "prefix");
  CHECK(found(map, "192.0.2.1", 7) == "listener");
  CHECK(found(map, "192.0.2.1", 8) == "nobody");
  map.set_unknown(make_client("unknown"));
  CHECK(found(map, "192.0.2.1", 7) == "listener");
  CHECK(found(map, "192.0.2.1", 8) == "unknown");
  map.set_unknown(nullptr);
  CHECK(found(map, "192.0.2.1", 8) == "nobody");
}

TEST_CASE("what another client has is refused and stays as it was", "[filters][client_map]") {
  ClientMap map;
  const auto first = make_client("first");
  const auto prefix = *Prefix::from_text("10.0.0.0/8");
  CHECK(map.add_prefix(prefix, first));
  CHECK(map.add_prefix(prefix, first));
  CHECK_FALSE(map.add_prefix(prefix, make_client("second")));
  CHECK(found(map, "10.0.0.1") == "first");

  CHECK(map.add_listener(1, first));
  CHECK(map.add_listener(1, first));
  CHECK_FALSE(map.add_listener(1, make_client("second")));
  CHECK(found(map, "192.0.2.1", 1) == "first");
}

TEST_CASE("finding a client allocates nothing", "[filters][client_map]") {
  using sluice::tests::AllocationCounter;
  if (!AllocationCounter::is_supported()) SKIP("a sanitizer owns malloc");
  ClientMap map;
  add(map, "10.0.0.0/8", "prefix");
  add(map, "10.0.0.1", "pod");
  const auto address = *Address::from_text("10.0.0.2");
  const AllocationCounter counter;
  const Client* client = map.find(address, some_listener);
  const auto allocations = counter.count();
  CHECK(client != nullptr);
  CHECK(allocations == 0);
}

TEST_CASE("a name goes to the upstream of the deepest zone that contains it",
          "[filters][client_map]") {
  TenantService service;
  service.upstream = 1;
  CHECK(service.upstream_for(make_name("a.example")) == 1);
  service.routes = {{make_name("lab.corp.example"), 2},
                    {make_name("corp.example"), 3},
                    {make_name("10.in-addr.arpa"), 4}};
  struct Case {
    const char* name;
    std::uint16_t upstream;
  };
  const Case cases[] = {{"lab.corp.example", 2},
                        {"x.y.lab.corp.example", 2},
                        {"corp.example", 3},
                        {"x.corp.example", 3},
                        {"mylab.corp.example", 3},
                        {"mycorp.example", 1},
                        {"example", 1},
                        {"corp.example.org", 1},
                        {"1.0.0.10.in-addr.arpa", 4},
                        {".", 1}};
  for (const auto& [name, upstream] : cases) {
    CAPTURE(name);
    CHECK(service.upstream_for(make_name(name)) == upstream);
  }
  service.routes.push_back({dns::Name(), 5});
  CHECK(service.upstream_for(make_name("mycorp.example")) == 5);
  CHECK(service.upstream_for(make_name("x.corp.example")) == 3);
}
