// SPDX-License-Identifier: Apache-2.0
#include "commands/policy_judge.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/commands/recorded.hpp"

namespace sluice::commands {
namespace {

Judgement judge(const std::string& manifests, const char* name) {
  PolicyJudge judge(policies(manifests),
                    {.cluster_zones = {dns::Name::from_text("cluster.local").value()}});
  const auto client = judge.resolve({"shop", {}});
  return PolicyJudge::judge(client, dns::Name::from_text(name).value(), dns::Type::a);
}

}  // namespace

TEST_CASE("a judgement names the rule that decided", "[commands][replay]") {
  const auto manifests =
      shop_filter("{rules: [{name: r, action: Deny, domains: [a.example]}], defaultAction: Deny}");
  CHECK(judge(manifests, "a.example").decision ==
        Decision{filters::Action::deny, "DNSFilter shop/f rule r"});
  CHECK(judge(manifests, "b.example").decision ==
        Decision{filters::Action::deny, "DNSFilter shop/f defaultAction"});
  CHECK(judge(manifests, "a.cluster.local").decision == Decision{});
}

TEST_CASE("of a filter on trial the first rule that matches would have decided",
          "[commands][replay]") {
  const auto manifests = shop_filter(
      "{enforcementMode: Audit, rules: [{name: own, action: Allow, domains: [a.example]}, "
      "{name: rest, action: Deny, domains: ['*']}]}");
  CHECK(judge(manifests, "a.example").on_trial.empty());
  const auto other = judge(manifests, "b.example");
  CHECK(other.decision == Decision{});
  CHECK(other.on_trial ==
        std::vector<Decision>{{filters::Action::deny, "DNSFilter shop/f rule rest"}});
}

TEST_CASE("a rule that only counts is no trial", "[commands][replay]") {
  const auto manifests = shop_filter("{rules: [{name: r, action: Audit, domains: [a.example]}]}");
  CHECK(judge(manifests, "a.example").on_trial.empty());
}

}  // namespace sluice::commands
