// SPDX-License-Identifier: Apache-2.0
// The indexed chain against a straight reading of the rules of precedence: thousands of random
// policies and names must be judged alike.
#include <algorithm>
#include <tuple>

#include <catch2/catch_test_macros.hpp>

#include "filters/chain.hpp"
#include "tests/unit/filters/policy_builders.hpp"
#include "tests/unit/filters/policy_dice.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

struct Expected {
  Action action = Action::allow;
  std::string decider;
  std::vector<std::string> trail;
};

/// Tier by tier, filter by filter, rule by rule; no index, no shared code with the chain.
class Reference {
 public:
  explicit Reference(std::vector<Filter> filters) : filters_(std::move(filters)) {
    std::sort(filters_.begin(), filters_.end(), [](const Filter& left, const Filter& right) {
      return std::tie(left.tier, left.priority, left.name) <
             std::tie(right.tier, right.priority, right.name);
    });
  }

  Expected judge(const dns::Name& qname, dns::Type type) const {
    Expected expected;
    for (const Tier tier : {Tier::admin, Tier::tenant, Tier::baseline}) {
      if (judge_tier(tier, qname, type, expected)) break;
    }
    return expected;
  }

 private:
  bool judge_tier(Tier tier, const dns::Name& qname, dns::Type type, Expected& expected) const {
    for (const Filter& filter : filters_) {
      if (filter.tier != tier) continue;
      for (const Rule& rule : filter.rules) {
        if (!matches(rule, qname, type)) continue;
        const bool audits = rule.action == Action::audit || filter.mode == EnforcementMode::audit;
        if (!audits && rule.action != Action::pass) {
          expected.action = rule.action;
          expected.decider = full_name(filter) + "/" + rule.name;
          return true;
        }
        expected.trail.push_back(full_name(filter) + "/" + rule.name);
        if (!audits) return false;
        // A filter on trial has had its say with what would have ended the walk.
        if (rule.action != Action::audit) break;
      }
    }
    return judge_default(tier, qname, expected);
  }

  bool judge_default(Tier tier, const dns::Name& qname, Expected& expected) const {
    for (const Filter& filter : filters_) {
      if (filter.tier != tier || filter.mode == EnforcementMode::audit) continue;
      if (filter.default_action == DefaultAction::inherit) continue;
      const bool denies = filter.default_action == DefaultAction::deny;
      if (denies && is_below_or_at(dns::to_text(qname), "cluster.local.")) return false;
      expected.action = denies ? Action::deny : Action::allow;
      expected.decider = full_name(filter) + "/defaultAction";
      return true;
    }
    return false;
  }

  static bool matches(const Rule& rule, const dns::Name& qname, dns::Type type) {
    const auto& types = rule.query_types;
    if (!types.empty() && std::find(types.begin(), types.end(), type) == types.end()) return false;
    const auto covers = [&](Pattern pattern) { return matches(pattern, qname); };
    return rule.domains.empty() || std::any_of(rule.domains.begin(), rule.domains.end(), covers);
  }

  static bool matches(Pattern pattern, const dns::Name& qname) {
    const auto name = dns::to_text(qname);
    const auto zone = dns::to_text(pattern.name);
    if (name == zone) return pattern.apex;
    return pattern.below && is_below_or_at(name, zone);
  }

  static bool is_below_or_at(const std::string& name, const std::string& zone) {
    return zone == "." || name == zone || name.ends_with("." + zone);
  }

  static std::string full_name(const Filter& filter) {
    return filter.tier == Tier::tenant ? "shop/" + filter.name : filter.name;
  }

  std::vector<Filter> filters_;
};

}  // namespace

TEST_CASE("random policies judge random names as a plain loop over the rules does",
          "[filters][chain]") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Dice dice(seed);
    const auto filters = dice.filters();
    const Reference reference(filters);
    const auto chain = make_chain(filters);
    for (int i = 0; i < 20; ++i) {
      const auto qname = i == 0 ? dns::Name() : make_name(dice.domain());
      const auto type = dice.type();
      CAPTURE(seed, dns::to_text(qname), dns::to_text(type));
      const auto expected = reference.judge(qname, type);
      DecisionTrail trail;
      const auto verdict = chain->judge(qname, type, trail);
      REQUIRE(verdict.action == expected.action);
      REQUIRE(decider(verdict) == expected.decider);
      REQUIRE(trail.total() == expected.trail.size());
      auto first = expected.trail;
      first.resize(std::min(first.size(), DecisionTrail::capacity));
      REQUIRE(names_of(trail) == first);
    }
  }
}
