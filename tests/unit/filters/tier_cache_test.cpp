// SPDX-License-Identifier: Apache-2.0
#include "filters/tier_cache.hpp"

#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

using TierPointer = std::shared_ptr<const CompiledTier>;

Filter own_filter(const std::string& space, std::vector<Rule> rules) {
  auto filter = make_filter(Tier::tenant, "egress", std::move(rules));
  filter.namespace_name = space;
  return filter;
}

TierPointer tier_of(const PolicySet& policies, const std::string& space, TierCache& tiers,
                    NameSets lists = {}) {
  SlotLog slots;
  CompilerOptions options;
  options.tiers = &tiers;
  options.lists = std::move(lists);
  return Compiler(policies, options, slots)
      .resolve({space, {}})
      .chain->parts()[static_cast<std::size_t>(Tier::tenant)]
      .tier;
}

}  // namespace

TEST_CASE("a compilation takes the tiers whose filters have not changed", "[filters][compiler]") {
  const auto deny = make_rule("closed", Action::deny, {"x.example"});
  PolicySet policies;
  policies.filters = {own_filter("shop", {deny}), own_filter("bank", {deny})};
  TierCache tiers;
  const auto shop = tier_of(policies, "shop", tiers);
  const auto bank = tier_of(policies, "bank", tiers);
  tiers.forget_unused();

  PolicySet edited;
  edited.filters.push_back(own_filter("shop", {deny, deny}));
  edited.filters.push_back(policies.filters.pointers()[1]);
  CHECK(tier_of(edited, "bank", tiers) == bank);
  CHECK(tier_of(edited, "shop", tiers) != shop);
  CHECK(tier_of(edited, "shop", tiers)->rules.size() == 2);
}

TEST_CASE("a tier that a compilation had no use for is forgotten", "[filters][compiler]") {
  PolicySet policies;
  policies.filters = {own_filter("shop", {make_rule("closed", Action::deny, {"x.example"})})};
  TierCache tiers;
  const std::weak_ptr<const CompiledTier> tier = tier_of(policies, "shop", tiers);
  tiers.forget_unused();
  CHECK_FALSE(tier.expired());
  tiers.forget_unused();
  CHECK(tier.expired());
}

TEST_CASE("tiers that depend on hours or lists are made anew", "[filters][compiler]") {
  auto office = make_rule("office", Action::deny, {"x.example"});
  office.schedule = Schedule{.time_zone = "UTC", .weekdays = 0x7f};
  PolicySet policies;
  policies.filters = {own_filter("shop", {office})};
  TierCache tiers;
  const auto before = tier_of(policies, "shop", tiers);
  tiers.forget_unused();
  CHECK(tier_of(policies, "shop", tiers) != before);

  auto listed = make_rule("listed", Action::deny);
  listed.lists = {{"", "ads"}};
  policies.filters = {own_filter("shop", {listed})};
  const NameSets lists{{{"", "ads"}, std::make_shared<const NameSet>()}};
  const auto with_list = tier_of(policies, "shop", tiers, lists);
  tiers.forget_unused();
  CHECK(tier_of(policies, "shop", tiers, lists) != with_list);
}
