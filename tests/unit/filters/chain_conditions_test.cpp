// SPDX-License-Identifier: Apache-2.0
// Chains whose rules ask for more than names: patterns, lists, and addresses in answers.
#include <catch2/catch_test_macros.hpp>

#include "filters/chain.hpp"
#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

using Names = std::vector<std::string>;

Rule with_patterns(Rule rule, std::initializer_list<std::string> patterns) {
  rule.patterns = patterns;
  return rule;
}

Verdict judge(const Chain& chain, std::string_view name, dns::Type type = dns::Type::a) {
  DecisionTrail trail;
  return chain.judge(make_name(name), type, trail);
}

Verdict judge_address(const Chain& chain, std::string_view text, std::string_view address,
                      DecisionTrail& trail) {
  const dns::Name name = make_name(text);
  return chain.judge_address({name, dns::Type::a, *Address::from_text(address)}, trail);
}

Verdict judge_address(const Chain& chain, std::string_view name, std::string_view address) {
  DecisionTrail trail;
  return judge_address(chain, name, address, trail);
}

/// The chain of one filter of the tenant.
std::shared_ptr<const Chain> chain_of(std::vector<Rule> rules, NameSets lists = {}) {
  return make_chain({make_filter(Tier::tenant, "t", std::move(rules))}, std::move(lists));
}

/// A response policy zone with an entry of each kind, for names and for addresses.
std::shared_ptr<const NameSet> response_policy_zone() {
  NameSet::Builder builder(hash_seed);
  const auto name = EntryReach::name;
  builder.add(make_name("listed.example"), name);
  builder.add(make_name("nxdomain.example"), name, EntryAction::nxdomain);
  builder.add(make_name("nodata.example"), name, EntryAction::nodata);
  builder.add(make_name("drop.example"), name, EntryAction::drop);
  builder.add(make_name("bad.example"), EntryReach::name_and_below, EntryAction::nodata);
  builder.add(make_name("good.bad.example"), name, EntryAction::passthru);
  Rewrite garden;
  garden.canonical_name = make_name("garden.example");
  REQUIRE(builder.add_local_data(make_name("local.example"), name, garden) ==
          LocalDataProblem::none);
  builder.add(*Prefix::from_text("192.0.2.0/24"), EntryAction::drop);
  builder.add(*Prefix::from_text("192.0.2.7"), EntryAction::passthru);
  REQUIRE(builder.add_local_data(*Prefix::from_text("198.51.100.0/24"), garden) ==
          LocalDataProblem::none);
  return std::make_shared<const NameSet>(std::move(builder).finish());
}

/// What a client sees of a Deny.
std::string say(const Verdict& verdict) {
  if (verdict.action != Action::deny) return "-";
  if (verdict.drops()) return "drop";
  if (const Rewrite* rewrite = verdict.rewrite()) return dns::to_text(*rewrite->canonical_name);
  switch (verdict.response().type) {
    case ResponseType::nxdomain:
      return "nxdomain";
    case ResponseType::nodata:
      return "nodata";
    case ResponseType::refused:
      return "refused";
    case ResponseType::sinkhole:
      break;
  }
  return "sinkhole";
}

}  // namespace

TEST_CASE("domains, patterns and lists of a rule are alternatives, types are not",
          "[filters][chain]") {
  auto rule = make_rule("r", Action::deny, {"domain.example"}, {dns::Type::a});
  rule = with_lists(with_patterns(std::move(rule), {"ad[0-9]\\..*"}), {"one", "two"});
  const auto chain = chain_of({rule}, {{{"", "one"}, make_list({{"one.example"}})},
                                       {{"", "two"}, make_list({{"deeper.down.in.two.example"}})}});
  for (const char* name : {"domain.example", "ad1.a.b.c.d.e.f.g.h", "one.example", "x.one.example",
                           "x.deeper.down.in.two.example"}) {
    CAPTURE(name);
    CHECK(decider(judge(*chain, name)) == "shop/t/r");
    CHECK(decider(judge(*chain, name, dns::Type::aaaa)).empty());
  }
  for (const char* name : {"x.domain.example", "ad11.a", "example", "two.example", "."}) {
    CAPTURE(name);
    CHECK(decider(judge(*chain, name)).empty());
  }
}

TEST_CASE("rules with conditions keep their place among the others", "[filters][chain]") {
  const NameSets lists{{{"", "ads"}, make_list({{"ads.example"}})}};
  const auto chain = chain_of({make_rule("first", Action::allow, {"good.ads.example"}),
                               with_lists(make_rule("listed", Action::deny), {"ads"}),
                               make_rule("late", Action::allow, {".ads.example", "other.example"}),
                               with_lists(make_rule("again", Action::deny), {"ads"}),
                               with_patterns(make_rule("rest", Action::deny), {".*"})},
                              lists);
  CHECK(decider(judge(*chain, "good.ads.example")) == "shop/t/first");
  CHECK(decider(judge(*chain, "bad.ads.example")) == "shop/t/listed");
  CHECK(decider(judge(*chain, "other.example")) == "shop/t/late");
  CHECK(decider(judge(*chain, "third.example")) == "shop/t/rest");
}

TEST_CASE("rules that share a list all match what it has", "[filters][chain]") {
  const NameSets lists{{{"", "ads"}, make_list({{"ads.example"}})},
                       {{"", "other"}, make_list({{"other.example"}})}};
  auto own = make_filter(Tier::tenant, "t",
                         {with_lists(make_rule("watch", Action::audit), {"other", "ads"}),
                          with_lists(make_rule("count", Action::audit), {"ads"}),
                          with_lists(make_rule("stop", Action::deny), {"ads"})});
  const auto chain = make_chain(
      {own, make_filter(Tier::admin, "a", {with_lists(make_rule("look", Action::audit), {"ads"})})},
      lists);
  CHECK(chain->parts()[1].tier->lists.size() == 2);
  DecisionTrail trail;
  const auto verdict = chain->judge(make_name("x.ads.example"), dns::Type::a, trail);
  CHECK(decider(verdict) == "shop/t/stop");
  CHECK(names_of(trail) == Names{"a/look", "shop/t/watch", "shop/t/count"});
  CHECK(decider(judge(*chain, "other.example")).empty());
}

TEST_CASE("what a list's entry says is answered unless the rule says something itself",
          "[filters][chain]") {
  const auto silent = with_lists(make_rule("rpz", Action::deny, {"domain.example"}), {"rpz"});
  auto outspoken = silent;
  outspoken.response = Response{.type = ResponseType::refused};
  const NameSets lists{{{"", "rpz"}, response_policy_zone()}};
  struct Case {
    const char* name;
    std::string by_entry;
    std::string by_rule;
  };
  const Case cases[] = {
      {"domain.example", "nxdomain", "refused"},   {"listed.example", "nxdomain", "refused"},
      {"nxdomain.example", "nxdomain", "refused"}, {"nodata.example", "nodata", "refused"},
      {"drop.example", "drop", "refused"},         {"local.example", "garden.example.", "refused"},
      {"x.bad.example", "nodata", "refused"},      {"good.bad.example", "-", "-"}};
  for (const auto& [name, by_entry, by_rule] : cases) {
    CAPTURE(name);
    CHECK(say(judge(*chain_of({silent}, lists), name)) == by_entry);
    CHECK(say(judge(*chain_of({outspoken}, lists), name)) == by_rule);
  }
}

TEST_CASE("addresses of a list count whatever the name, and say what is answered",
          "[filters][chain]") {
  const NameSets lists{{{"", "rpz"}, response_policy_zone()}};
  const auto chain = chain_of({with_lists(make_rule("rpz", Action::deny), {"rpz"})}, lists);
  REQUIRE(chain->looks_at_answers());
  CHECK(decider(judge(*chain, "innocent.example")).empty());
  struct Case {
    const char* address;
    std::string said;
  };
  const Case cases[] = {{"192.0.2.1", "drop"},
                        {"192.0.2.7", "-"},
                        {"198.51.100.1", "garden.example."},
                        {"203.0.113.1", "-"},
                        {"2001:db8::1", "-"}};
  for (const auto& [address, said] : cases) {
    CAPTURE(address);
    CHECK(say(judge_address(*chain, "innocent.example", address)) == said);
  }
}

TEST_CASE("a chain looks at answers if a rule or the list of a rule has addresses",
          "[filters][chain]") {
  const NameSets lists{{{"", "rpz"}, response_policy_zone()},
                       {{"", "names"}, make_list({{"a.example"}})}};
  const auto deny = make_rule("r", Action::deny, {"x.example"});
  struct Case {
    const char* name;
    Rule rule;
    bool looks;
  };
  const Case cases[] = {{"domains only", deny, false},
                        {"a list of names", with_lists(deny, {"names"}), false},
                        {"a list with addresses", with_lists(deny, {"names", "rpz"}), true},
                        {"addresses", with_answers(deny, {"10.0.0.0/8"}), true}};
  for (const Tier tier : {Tier::admin, Tier::tenant, Tier::baseline}) {
    for (const auto& [name, rule, looks] : cases) {
      CAPTURE(name);
      CHECK(make_chain({make_filter(tier, "f", {rule})}, lists)->looks_at_answers() == looks);
    }
  }
  CHECK_FALSE(make_chain({})->looks_at_answers());
}

TEST_CASE("a rule about answers waits for them, and asks for name and type as well",
          "[filters][chain]") {
  const auto chain =
      chain_of({with_answers(make_rule("private", Action::deny, {".example"}, {dns::Type::a}),
                             {"10.0.0.0/8"}),
                with_answers(make_rule("strip", Action::strip), {"10.0.0.0/8", "fd00::/8"})});
  CHECK(decider(judge(*chain, "a.example")).empty());
  const auto denied = judge_address(*chain, "a.example", "10.0.0.1");
  CHECK(denied.action == Action::deny);
  CHECK(decider(denied) == "shop/t/private");
  CHECK(denied.slot == chain->parts()[1].first_slot);
  const auto stripped = judge_address(*chain, "a.test", "10.0.0.1");
  CHECK(stripped.action == Action::strip);
  CHECK(decider(stripped) == "shop/t/strip");
  CHECK(stripped.slot == chain->parts()[1].first_slot + 1);
  CHECK(decider(judge_address(*chain, "a.example", "fd00::1")) == "shop/t/strip");
  CHECK(decider(judge_address(*chain, "a.example", "192.0.2.1")).empty());
  DecisionTrail trail;
  const dns::Name name = make_name("a.example");
  CHECK(decider(chain->judge_address({name, dns::Type::https, *Address::from_text("10.0.0.1")},
                                     trail)) == "shop/t/strip");
}

TEST_CASE("a list of a rule about answers is a condition on the name", "[filters][chain]") {
  const NameSets lists{{{"", "names"}, make_list({{"listed.example"}})}};
  const auto chain = chain_of(
      {with_answers(with_lists(make_rule("r", Action::deny), {"names"}), {"10.0.0.0/8"})}, lists);
  CHECK(decider(judge(*chain, "listed.example")).empty());
  CHECK(decider(judge_address(*chain, "listed.example", "10.0.0.1")) == "shop/t/r");
  CHECK(decider(judge_address(*chain, "other.example", "10.0.0.1")).empty());
  CHECK(decider(judge_address(*chain, "listed.example", "192.0.2.1")).empty());
}

TEST_CASE("rules behind the one that decided the question are not asked about addresses",
          "[filters][chain]") {
  const auto rebinding = with_answers(make_rule("private", Action::deny), {"10.0.0.0/8"});
  const auto exception = make_rule("nas", Action::allow, {"nas.example"});
  const auto narrow = with_answers(make_rule("lab", Action::allow), {"10.9.0.0/16"});
  auto by_default = make_filter(Tier::tenant, "t", {});
  by_default.default_action = DefaultAction::allow;
  const auto tenant = make_filter(Tier::tenant, "t", {exception});
  const auto admin = [](std::vector<Rule> rules) {
    return make_filter(Tier::admin, "a", std::move(rules));
  };
  const auto baseline = make_filter(Tier::baseline, "b", {rebinding});
  const auto pass = make_rule("ours", Action::pass, {".example"});
  struct Case {
    const char* name;
    std::vector<Filter> filters;
    const char* address;
    std::string decider;
  };
  const Case cases[] = {
      {"nothing before it", {baseline}, "10.0.0.1", "b/private"},
      {"an Allow before it", {admin({exception, rebinding})}, "10.0.0.1", ""},
      {"an Allow behind it", {admin({rebinding, exception})}, "10.0.0.1", "a/private"},
      {"an Allow of an earlier tier", {tenant, baseline}, "10.0.0.1", ""},
      {"a default Allow", {by_default, baseline}, "10.0.0.1", ""},
      {"an Allow of addresses", {admin({narrow, rebinding})}, "10.9.0.1", "a/lab"},
      {"an Allow of other addresses", {admin({narrow, rebinding})}, "10.0.0.1", "a/private"},
      {"Pass before it", {admin({pass, rebinding})}, "10.0.0.1", ""},
      {"Pass to a later tier", {admin({pass, rebinding}), baseline}, "10.0.0.1", "b/private"},
      {"Pass, then Allow", {admin({pass}), tenant, baseline}, "10.0.0.1", ""},
  };
  for (const auto& [name, filters, address, expected] : cases) {
    CAPTURE(name);
    CHECK(decider(judge_address(*make_chain(filters), "nas.example", address)) == expected);
  }
}

TEST_CASE("Pass of an address leaves its tier", "[filters][chain]") {
  const auto chain =
      make_chain({make_filter(Tier::admin, "a",
                              {with_answers(make_rule("ours", Action::pass), {"10.1.0.0/16"}),
                               with_answers(make_rule("private", Action::deny), {"10.0.0.0/8"})}),
                  make_filter(Tier::baseline, "b",
                              {with_answers(make_rule("all", Action::strip), {"10.0.0.0/8"})})});
  DecisionTrail trail;
  CHECK(decider(judge_address(*chain, "a.example", "10.1.0.1", trail)) == "b/all");
  CHECK(names_of(trail) == Names{"a/ours"});
  CHECK(decider(judge_address(*chain, "a.example", "10.2.0.1")) == "a/private");
}

TEST_CASE("an Audit of addresses counts once per query, of names only with the question",
          "[filters][chain]") {
  auto trial = make_filter(Tier::tenant, "trial",
                           {with_answers(make_rule("would", Action::deny), {"10.0.0.0/8"}),
                            with_answers(make_rule("unasked", Action::deny), {"10.0.0.0/8"})});
  trial.mode = EnforcementMode::audit;
  const auto chain =
      make_chain({make_filter(Tier::admin, "a",
                              {make_rule("name", Action::audit, {"*"}),
                               with_answers(make_rule("address", Action::audit), {"10.0.0.0/8"})}),
                  trial});
  DecisionTrail trail;
  CHECK(decider(chain->judge(make_name("a.example"), dns::Type::a, trail)).empty());
  CHECK(names_of(trail) == Names{"a/name"});
  for (const char* address : {"10.0.0.1", "192.0.2.1", "10.0.0.2", "10.0.0.3"})
    CHECK(decider(judge_address(*chain, "a.example", address, trail)).empty());
  CHECK(names_of(trail) == Names{"a/name", "a/address", "shop/trial/would"});
  CHECK(trail.total() == 3);
}

TEST_CASE("addresses of cluster zones are private by nature", "[filters][chain]") {
  const auto chain = chain_of({with_answers(make_rule("private", Action::deny), {"10.0.0.0/8"})});
  CHECK(decider(judge_address(*chain, "web.shop.svc.cluster.local", "10.0.0.1")).empty());
  CHECK(decider(judge_address(*chain, "cluster.local", "10.0.0.1")).empty());
  CHECK(decider(judge_address(*chain, "mycluster.local", "10.0.0.1")) == "shop/t/private");
}

TEST_CASE("a default Deny says nothing of addresses", "[filters][chain]") {
  auto filter = make_filter(Tier::tenant, "t", {make_rule("ok", Action::allow, {"a.example"})});
  filter.default_action = DefaultAction::deny;
  const auto chain =
      make_chain({filter, make_filter(Tier::baseline, "b",
                                      {with_answers(make_rule("all", Action::strip), {"::/0"})})});
  for (const char* name : {"a.example", "rewritten.example"}) {
    CAPTURE(name);
    CHECK(judge_address(*chain, name, "2001:db8::1").action == Action::allow);
  }
}
