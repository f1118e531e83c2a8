// SPDX-License-Identifier: Apache-2.0
#include "proxy/static_identities.hpp"

#include <catch2/catch_test_macros.hpp>

#include "proxy/client_resolver.hpp"
#include "proxy/counters.hpp"
#include "proxy/decision_registry.hpp"

namespace sluice::proxy {
namespace {

struct Fixture {
  config::Settings settings;
  config::Diagnostics diagnostics;
  std::optional<filters::Workload> own_pod;
  TenantRegistry tenants{10};
  WorkerCounters counters;
  DecisionRegistry decisions{tenants, {&counters}};

  std::shared_ptr<const filters::ClientMap> resolve(const filters::PolicySet& policies = {}) {
    auto identities = StaticIdentities::make(settings, diagnostics);
    REQUIRE(identities);
    if (own_pod) identities->set_own_pod(*own_pod);
    filters::Compiler compiler(policies, {.cluster_zones = identities->zones(), .hash_seed = 1},
                               decisions);
    UpstreamRegistry upstreams(settings);
    return resolve_clients(*identities, {}, {compiler, tenants, upstreams, 1});
  }
  /// "tenant/namespace", or "-".
  static std::string who(const filters::ClientMap& clients, const std::string& address,
                         std::uint16_t listener = 99) {
    const auto* client = clients.find(*filters::Address::from_text(address), listener);
    return client == nullptr ? "-" : client->tenant + '/' + client->namespace_name;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "clients are known by the longest prefix, then by their listener",
                 "[proxy][identity]") {
  settings.listeners = std::vector<config::Listener>(2);
  settings.listeners[1].name = "back";
  settings.identity.static_entries = {{"wide", {"10.0.0.0/8", "fd00::/16"}, {}, {}},
                                      {"narrow", {"10.0.1.0/24"}, {}, {}},
                                      {"one", {"10.0.1.7"}, {}, {}},
                                      {"by-listener", {}, {"back"}, {}}};
  const auto clients = resolve();
  CHECK(who(*clients, "10.0.1.7") == "one/one");
  CHECK(who(*clients, "10.0.1.8") == "narrow/narrow");
  CHECK(who(*clients, "10.9.9.9") == "wide/wide");
  CHECK(who(*clients, "fd00::1") == "wide/wide");
  CHECK(who(*clients, "192.0.2.1") == "-");
  CHECK(who(*clients, "192.0.2.1", 1) == "by-listener/by-listener");
  CHECK(who(*clients, "192.0.2.1", 0) == "-");
  CHECK(who(*clients, "10.0.1.7", 1) == "one/one");
}

TEST_CASE_METHOD(Fixture, "strangers are nobody, or under the cluster's policies",
                 "[proxy][identity]") {
  CHECK(who(*resolve(), "192.0.2.1") == "-");
  settings.identity.unknown_client = config::UnknownClient::baseline;
  const auto clients = resolve();
  CHECK(who(*clients, "192.0.2.1") == "_unknown/");
  CHECK(clients->find(*filters::Address::from_text("192.0.2.1"), 0)->tenant_number ==
        proxy::unknown_tenant);
}

TEST_CASE_METHOD(Fixture, "namespaces of one tenant share its number", "[proxy][identity]") {
  settings.identity.static_entries = {{"a", {"10.0.1.0/24"}, {}, {}},
                                      {"b", {"10.0.2.0/24"}, {}, {}},
                                      {"c", {"10.0.3.0/24"}, {}, {}}};
  filters::PolicySet policies;
  filters::LabelSelector ours;
  ours.requirements = {
      {.key = "owner", .op = filters::LabelSelector::Operator::exists, .values = {}}};
  policies.tenants = {{.name = "shop", .namespace_selector = ours}};
  policies.namespaces = {{.name = "a", .labels = {{"owner", "x"}}},
                         {.name = "b", .labels = {{"owner", "y"}}}};
  const auto clients = resolve(policies);
  CHECK(who(*clients, "10.0.1.1") == "shop/a");
  CHECK(who(*clients, "10.0.2.1") == "shop/b");
  CHECK(who(*clients, "10.0.3.1") == "c/c");
  const auto number = [&](const char* address) {
    return clients->find(*filters::Address::from_text(address), 0)->tenant_number;
  };
  CHECK(number("10.0.1.1") == number("10.0.2.1"));
  CHECK(number("10.0.1.1") != number("10.0.3.1"));
}

TEST_CASE_METHOD(Fixture, "everything that is wrong with addresses is told at once",
                 "[proxy][identity]") {
  settings.cluster_cidrs = {"10.96.0.0/12", "nonsense"};
  settings.identity.static_entries = {{"a", {"10.0.1.0/24", "10.0.1.1/24"}, {}, {}},
                                      {"b", {"10.0.01.0/33", "10.0.1.0/24"}, {}, {}},
                                      {"c", {"::ffff:10.0.1.0/120"}, {}, {}}};
  CHECK_FALSE(StaticIdentities::make(settings, diagnostics));
  std::vector<std::string> paths;
  for (const auto& diagnostic : diagnostics)
    paths.push_back(diagnostic.path);
  CHECK(paths == std::vector<std::string>{"clusterCIDRs[1]", "identity.static[0].cidrs[1]",
                                          "identity.static[1].cidrs[0]", "identity.static[1].cidrs",
                                          "identity.static[2].cidrs"});
}

TEST_CASE_METHOD(Fixture, "a CIDR may stand twice in one entry", "[proxy][identity]") {
  settings.identity.static_entries = {{"a", {"10.0.1.0/24", "10.0.1.0/24"}, {}, {}}};
  CHECK(who(*resolve(), "10.0.1.1") == "a/a");
}

TEST_CASE_METHOD(Fixture, "who asks a sidecar from a loopback address is its pod, nobody else is",
                 "[proxy][identity]") {
  own_pod = filters::Workload{"shop", {}};
  for (const char* address : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"}) {
    INFO(address);
    CHECK(who(*resolve(), address) == "shop/shop");
  }
  for (const char* address : {"128.0.0.1", "10.0.0.1", "::2", "fe80::1"}) {
    INFO(address);
    CHECK(who(*resolve(), address) == "-");
  }
}

TEST_CASE_METHOD(Fixture, "zones are those of the settings", "[proxy][identity]") {
  settings.cluster_domain = "K8s.Example";
  settings.cluster_cidrs = {"10.0.0.0/8"};
  const auto identities = StaticIdentities::make(settings, diagnostics);
  REQUIRE(identities);
  const auto zones = identities->zones();
  REQUIRE(zones.size() == 3);
  CHECK(to_text(zones[0]) == "k8s.example.");
  CHECK(to_text(zones[2]) == "10.in-addr.arpa.");
}

}  // namespace sluice::proxy
