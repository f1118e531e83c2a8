// SPDX-License-Identifier: Apache-2.0
#include "filters/compile_tier.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

CompiledTier compile(const std::vector<Filter>& filters) {
  return compile_tier(Shared<Filter>(filters).pointers(), {.hash_seed = 1, .now = {}, .lists = {}});
}

std::string ede_text_of_rule(const std::string& filter, const std::string& rule) {
  return compile({make_filter(Tier::admin, filter, {make_rule(rule, Action::deny)})})
      .rules.front()
      .ede_text;
}

}  // namespace

TEST_CASE("the EDE tells a tenant's own decision from the platform's", "[filters][compile_tier]") {
  auto own = make_filter(Tier::tenant, "egress", {make_rule("psp", Action::deny, {"x.example"})});
  own.default_action = DefaultAction::deny;
  const auto tier = compile({own});
  CHECK(tier.rules[0].ede == dns::Ede::filtered);
  CHECK(tier.rules[0].ede_text == "DNSFilter shop/egress rule psp");
  REQUIRE(tier.default_action);
  CHECK(tier.default_action->ede == dns::Ede::filtered);
  CHECK(tier.default_action->ede_text == "DNSFilter shop/egress defaultAction");

  for (const Tier cluster : {Tier::admin, Tier::baseline}) {
    const auto rules =
        compile({make_filter(cluster, "platform", {make_rule("malware", Action::deny)})}).rules;
    CHECK(rules[0].ede == dns::Ede::blocked);
    CHECK(rules[0].ede_text == "ClusterDNSFilter platform rule malware");
  }
}

TEST_CASE("a long EDE text is cut between characters", "[filters][compile_tier]") {
  const std::string head = "ClusterDNSFilter f rule ";
  CHECK(ede_text_of_rule("f", std::string(200 - head.size(), 'x')).size() == 200);
  CHECK(ede_text_of_rule("f", std::string(300, 'x')) == head + std::string(200 - head.size(), 'x'));
  // The last character starts at octet 199 and does not fit.
  const std::string kept(199 - head.size(), 'x');
  CHECK(ede_text_of_rule("f", kept + "\xe2\x82\xac") == head + kept);
}

TEST_CASE("what a rule says is found in its compiled form", "[filters][compile_tier]") {
  auto deny = make_rule("deny", Action::deny);
  deny.response = Response{ResponseType::sinkhole, 7, Address::from_text("192.0.2.1"), {}};
  auto rewrite = make_rule("rewrite", Action::rewrite);
  rewrite.cname_inspection = CnameInspection::trust;
  rewrite.rewrite = Rewrite{.canonical_name = make_name("safe.example"), .addresses = {}};
  auto filter = make_filter(Tier::baseline, "base", {deny, rewrite});
  filter.mode = EnforcementMode::audit;

  const auto tier = compile({filter});
  REQUIRE(tier.rules.size() == 2);
  CHECK(tier.rules[0].tier == Tier::baseline);
  CHECK(tier.rules[0].filter == "base");
  CHECK(tier.rules[0].mode == EnforcementMode::audit);
  CHECK(tier.rules[0].action == Action::deny);
  CHECK(tier.rules[0].response.type == ResponseType::sinkhole);
  CHECK(tier.rules[0].response.ttl_seconds == 7);
  CHECK(tier.rules[1].cname_inspection == CnameInspection::trust);
  REQUIRE(tier.rules[1].rewrite.canonical_name);
  CHECK(*tier.rules[1].rewrite.canonical_name == make_name("safe.example"));
}

TEST_CASE("the first default action that is not Inherit counts, trials aside",
          "[filters][compile_tier]") {
  auto inherit = make_filter(Tier::tenant, "a", {});
  auto trial = make_filter(Tier::tenant, "b", {});
  trial.default_action = DefaultAction::allow;
  trial.mode = EnforcementMode::audit;
  auto deny = make_filter(Tier::tenant, "c", {});
  deny.default_action = DefaultAction::deny;
  deny.default_response.type = ResponseType::refused;
  auto allow = make_filter(Tier::tenant, "d", {});
  allow.default_action = DefaultAction::allow;

  const auto tier = compile({inherit, trial, deny, allow});
  REQUIRE(tier.default_action);
  CHECK(tier.default_action->filter == "shop/c");
  CHECK(tier.default_action->action == Action::deny);
  CHECK(tier.default_action->is_default);
  CHECK(tier.default_action->response.type == ResponseType::refused);
  CHECK_FALSE(compile({inherit, trial}).default_action);
}
