// SPDX-License-Identifier: Apache-2.0
#include "proxy/newcomers.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/pipeline_world.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using tests::PipelineWorld;

constexpr const char* policies = R"(apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec: {rules: [{name: closed, action: Deny, domains: [closed.example]}]}
)";

tests::WorldOptions holding() {
  tests::WorldOptions options{.manifests = policies};
  options.settings.identity.unknown_client = config::UnknownClient::hold;
  return options;
}

/// The API server tells of a pod of the shop.
void tell(PipelineWorld& world, const std::string& address) {
  world.set_pods({.groups = {{{"shop", {}}, {filters::Address::from_text(address).value()}}},
                  .contested = {}});
  REQUIRE(world.load(policies).empty());
}

std::uint64_t held(const PipelineWorld& world, HoldOutcome outcome) {
  return world.counters().held.at(static_cast<std::size_t>(outcome)).value();
}

}  // namespace

TEST_CASE("a new pod's first query waits for the API server and is judged then",
          "[proxy][newcomers]") {
  PipelineWorld world(holding());
  CHECK_FALSE(world.ask("closed.example. A", {.from = "10.0.1.5"}));
  CHECK_FALSE(world.ask("open.example. A", {.from = "10.0.1.5"}));
  CHECK(world.upstream().pending().empty());
  CHECK(world.pipeline().has_waiting());
  world.elapse(1400ms);
  tell(world, "10.0.1.5");
  CHECK(world.take_reply().rcode == "NXDOMAIN");
  CHECK(world.upstream().pending() == std::vector<std::string>{"open.example. A"});
  CHECK(held(world, HoldOutcome::identified) == 2);
}

TEST_CASE("a client that stays unknown is refused in the end", "[proxy][newcomers]") {
  PipelineWorld world(holding());
  CHECK_FALSE(world.ask("open.example. A", {.from = "10.0.1.5"}));
  tell(world, "10.0.1.6");
  CHECK(world.replies().empty());
  world.elapse(1400ms);
  CHECK(world.replies().empty());
  world.elapse(200ms);
  const auto answer = world.take_reply();
  CHECK(answer.rcode == "REFUSED");
  CHECK(answer.edns == "payload 1232 ede 18 (unknown client)");
  CHECK(held(world, HoldOutcome::refused) == 1);
  CHECK_FALSE(world.pipeline().has_waiting());
}

TEST_CASE("whoever comes when too many wait is refused at once", "[proxy][newcomers]") {
  PipelineWorld world(holding());
  for (std::size_t i = 0; i < Newcomers::capacity; ++i)
    CHECK_FALSE(world.ask("open.example. A", {.from = "10.0.1.5"}));
  CHECK(world.ask("open.example. A", {.from = "10.0.1.5"})->rcode == "REFUSED");
  world.elapse(1600ms);
  CHECK(world.replies().size() == Newcomers::capacity);
  CHECK_FALSE(world.ask("open.example. A", {.from = "10.0.1.5"}));
}

TEST_CASE("an address that pods dispute is refused, whatever CIDR contains it",
          "[proxy][newcomers]") {
  PipelineWorld world(
      {.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}}, .manifests = policies});
  CHECK_FALSE(world.ask("open.example. A", {.from = "10.0.1.5"}));
  world.set_pods({.groups = {}, .contested = {filters::Address::from_text("10.0.1.5").value()}});
  REQUIRE(world.load(policies).empty());
  CHECK(world.ask("other.example. A", {.from = "10.0.1.5"})->rcode == "REFUSED");
  CHECK_FALSE(world.ask("other.example. A", {.from = "10.0.1.6"}));
}

}  // namespace sluice::proxy
