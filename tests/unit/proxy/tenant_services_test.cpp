// SPDX-License-Identifier: Apache-2.0
#include "proxy/tenant_services.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/pipeline_world.hpp"

namespace sluice::proxy {
namespace {

using tests::PipelineWorld;

constexpr const char* policies = R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSTenant
metadata: {name: erp}
spec:
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: erp}}
  resolution:
    zones:
    - {zone: corp.example, upstreamName: corp}
    - {zone: lab.corp.example, upstreamName: cluster}
    clientSubnet: Forward
)";

/// Two upstreams, and two namespaces of which one has a DNSTenant.
PipelineWorld make_world() {
  config::Settings settings;
  settings.upstreams.resize(2);
  settings.upstreams[0].name = "cluster";
  settings.upstreams[1].name = "corp";
  settings.default_upstream = "cluster";
  return PipelineWorld({.clients = {{.namespace_name = "erp", .cidrs = {"10.0.1.0/24"}},
                                    {.namespace_name = "shop", .cidrs = {"10.0.2.0/24"}}},
                        .manifests = policies,
                        .settings = settings});
}

}  // namespace

TEST_CASE("a tenant's zones go to its upstreams, the deepest zone first", "[proxy][tenant]") {
  auto world = make_world();
  world.ask("db.corp.example. A");
  CHECK(world.upstream(1).pending() == std::vector<std::string>{"db.corp.example. A"});
  world.ask("x.lab.corp.example. A");
  world.ask("www.example. A");
  CHECK(world.upstream(0).pending() ==
        std::vector<std::string>{"x.lab.corp.example. A", "www.example. A"});
}

TEST_CASE("answers of one upstream do not serve those who are sent to another", "[proxy][tenant]") {
  auto world = make_world();
  world.ask("db.corp.example. A");
  world.upstream(1).answer({.answer = {"db.corp.example. 300 A 192.0.2.1"}});
  CHECK_FALSE(world.ask("db.corp.example. A", {.from = "10.0.2.5"}));
  CHECK(world.upstream(0).has_pending());
  CHECK(world.ask("db.corp.example. A")->answer.at(0) == "db.corp.example. 300 IN A 192.0.2.1");
}

TEST_CASE("a client subnet is forwarded where the tenant wants it, and nowhere else",
          "[proxy][tenant]") {
  auto world = make_world();
  const std::vector<std::uint8_t> subnet{0, 1, 24, 0, 192, 0, 2};
  const auto ask = [&](const char* from) {
    world.ask("www.example. A",
              {.from = from, .query = {.edns = dns::OptOut{}, .options = {{8, subnet}}}});
    const auto query = world.upstream(0).oldest();
    const bool has_subnet =
        std::search(query.begin(), query.end(), subnet.begin(), subnet.end()) != query.end();
    world.upstream(0).answer({.answer = {"www.example. 300 A 192.0.2.1"}});
    return has_subnet;
  };
  CHECK(ask("10.0.1.5"));
  CHECK_FALSE(ask("10.0.2.5"));
  // An answer for one subnet is not kept for the others.
  CHECK(ask("10.0.1.6"));
}

TEST_CASE("queries are padded towards upstreams that encrypt, and no others", "[proxy][tenant]") {
  auto world = make_world();
  world.ask("a.example. A");
  CHECK(world.upstream(0).oldest().size() % 128 == 0);
  world.upstream(1).set_encrypted(false);
  world.ask("a.corp.example. A");
  CHECK(world.upstream(1).oldest().size() < 60);
}

}  // namespace sluice::proxy
