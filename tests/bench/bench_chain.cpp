// SPDX-License-Identifier: Apache-2.0
// The chain's own cost on a question: 1,000 rules in three tiers, four domains each. Times are only
// reported; that nothing is allocated is asserted in tests/unit/filters/chain_test.cpp.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "filters/compiler.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

constexpr std::size_t rules_per_filter = 50;

struct NoSlots : DecisionSlots {
  DecisionSlot block(const std::string& /*tenant*/,
                     std::span<const CompiledRule* const> /*rules*/) override {
    return no_slot;
  }
};

dns::Name name(const std::string& text) {
  return dns::Name::from_text(text).value();
}

Rule rule(const std::string& label) {
  Rule result;
  result.name = label;
  for (const char* zone : {".ads.example", ".cdn.example.net", ".telemetry.example.org"}) {
    result.domains.add("." + label + zone);
  }
  result.domains.add("*." + label + ".co.example");
  return result;
}

/// Filters of one tier with `count` rules in all.
void add_filters(PolicySet& policies, Tier tier, std::size_t count) {
  const std::string prefix = "t" + std::to_string(static_cast<int>(tier));
  for (std::size_t i = 0; i < count; i += rules_per_filter) {
    Filter filter;
    filter.tier = tier;
    filter.name = prefix + std::to_string(i);
    if (tier == Tier::tenant) filter.namespace_name = "shop";
    std::vector<Rule> rules;
    for (std::size_t j = i; j < std::min(count, i + rules_per_filter); ++j)
      rules.push_back(rule(prefix + "-r" + std::to_string(j)));
    filter.rules = std::move(rules);
    policies.filters.push_back(std::move(filter));
  }
}

std::shared_ptr<const Chain> thousand_rules() {
  PolicySet policies;
  add_filters(policies, Tier::admin, 100);
  add_filters(policies, Tier::tenant, 800);
  add_filters(policies, Tier::baseline, 100);
  NoSlots slots;
  const CompilerOptions options{{name("cluster.local"), name("clusterset.local")}, 4711};
  return Compiler(policies, options, slots).resolve({"shop", {}}).chain;
}

/// Judges names in turn, so that the branch predictor cannot learn one walk by heart.
Action judge_all(const Chain& chain, const std::vector<dns::Name>& names) {
  Action last = Action::allow;
  for (const dns::Name& qname : names) {
    DecisionTrail trail;
    last = chain.judge(qname, dns::Type::a, trail).action;
  }
  return last;
}

}  // namespace

TEST_CASE("judging a question by a chain of 1,000 rules", "[bench][filters]") {
  const auto chain = thousand_rules();
  std::vector<dns::Name> strangers;
  std::vector<dns::Name> matched;
  for (int i = 0; i < 100; ++i) {
    const std::string number = std::to_string(i);
    strangers.push_back(name("api" + number + ".eu-west-1.service.example.com"));
    matched.push_back(name("www.t1-r" + number + ".telemetry.example.org"));
  }
  BENCHMARK("100 names that no rule matches") {
    return judge_all(*chain, strangers);
  };
  BENCHMARK("100 names that a tenant's rule denies") {
    return judge_all(*chain, matched);
  };
}
