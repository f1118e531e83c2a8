// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_filter.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "filters/special_purpose.hpp"
#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {
namespace {

using namespace filters;

const std::string head =
    "apiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\nmetadata: {name: f, namespace: shop}\n";

/// Every field there is, none with its default.
const std::string full = head + R"(spec:
  priority: 7
  podSelector:
    matchLabels: {app: web}
    matchExpressions:
    - {key: example.com/stage, operator: NotIn, values: [dev, test]}
    - {key: canary, operator: Exists}
  enforcementMode: Audit
  logging: All
  defaultAction: Deny
  defaultResponse:
    type: Sinkhole
    ttlSeconds: 6
    sinkhole: {ipv4Address: 192.0.2.3, ipv6Address: "2001:db8::3"}
  rules:
  - name: allow
    action: Allow
    domains: [a.example, "*.b.example", .c.example, "*"]
    queryTypes: [A, HTTPS, "NULL", TYPE65399]
    cnameInspection: Inspect
  - name: sinkhole
    action: Deny
    domains: [d.example]
    response:
      type: Sinkhole
      ttlSeconds: 0
      sinkhole: {ipv4Address: 192.0.2.1, ipv6Address: "2001:db8::1"}
  - name: name
    action: Rewrite
    domains: [e.example]
    rewrite: {canonicalName: new.example, ttlSeconds: 86400}
  - name: addresses
    action: Rewrite
    domains: [f.example]
    rewrite: {addresses: [192.0.2.2, "2001:db8::2"]}
  - name: names
    action: Deny
    domainListRefs: [{name: own}, {kind: ClusterDomainList, name: platform}]
    patterns: ["ads[0-9]+[.]example", "x.*"]
    schedule: {timeZone: Europe/Berlin, weekdays: [Sat, Mon], startTime: "22:30", endTime: "06:00"}
  - name: answers
    action: Strip
    answerCIDRs: [203.0.113.0/24, "2001:db8::/32"]
    answerSets: [SpecialPurpose]
)";

Filter filter_of(const std::string& spec) {
  return read_one<Filter>(head + "spec: " + spec + '\n');
}
Rule rule_of(const std::string& rule) {
  return filter_of("{rules: [" + rule + "]}").rules.at(0);
}

}  // namespace

TEST_CASE("the object of all fields uses all fields", "[crds][dns_filter]") {
  CHECK(unused_fields(spec_schema("DNSFilter"), full) == std::set<std::string>{});
}

TEST_CASE("every field of a DNSFilter is decoded", "[crds][dns_filter]") {
  const auto filter = read_one<Filter>(full);
  CHECK(filter.tier == Tier::tenant);
  CHECK(filter.namespace_name == "shop");
  CHECK(filter.name == "f");
  CHECK(filter.priority == 7);
  CHECK(filter.mode == EnforcementMode::audit);
  CHECK(filter.default_action == DefaultAction::deny);
  CHECK(filter.default_response.type == ResponseType::sinkhole);
  CHECK(filter.default_response.ttl_seconds == 6);
  using Op = LabelSelector::Operator;
  CHECK(filter.pod_selector.requirements ==
        std::vector<LabelSelector::Requirement>{{"app", Op::in, {"web"}},
                                                {"example.com/stage", Op::not_in, {"dev", "test"}},
                                                {"canary", Op::exists, {}}});
  CHECK(filter.rules.size() == 6);
  CHECK(filter.logging == QueryLogging::all);
}

TEST_CASE("the matchers of a rule are decoded", "[crds][dns_filter]") {
  const Rule rule = read_one<Filter>(full).rules.at(0);
  CHECK(rule.name == "allow");
  CHECK(rule.action == Action::allow);
  CHECK(rule.cname_inspection == CnameInspection::inspect);
  REQUIRE(rule.domains.size() == 4);
  CHECK(to_text(rule.domains[1].name) == "b.example.");
  CHECK((rule.domains[0].apex && !rule.domains[0].below));
  CHECK((!rule.domains[1].apex && rule.domains[1].below));
  CHECK((rule.domains[2].apex && rule.domains[2].below));
  CHECK(rule.domains[3].name.is_root());
  CHECK(rule.query_types == std::vector{dns::Type::a, dns::Type::https, dns::Type::null,
                                        static_cast<dns::Type>(65399)});
}

TEST_CASE("lists, expressions and hours of a rule are decoded", "[crds][dns_filter]") {
  const Rule rule = read_one<Filter>(full).rules.at(4);
  CHECK(rule.lists == std::vector<ListKey>{{"shop", "own"}, {"", "platform"}});
  CHECK(rule.patterns == std::vector<std::string>{"ads[0-9]+[.]example", "x.*"});
  REQUIRE(rule.schedule.is_given());
  CHECK(rule.schedule->time_zone == "Europe/Berlin");
  CHECK(rule.schedule->weekdays == 0b0100001);
  CHECK(rule.schedule->start == std::chrono::minutes(22 * 60 + 30));
  CHECK(rule.schedule->end == std::chrono::minutes(6 * 60));
}

TEST_CASE("a schedule is every day and the whole day unless it is said otherwise",
          "[crds][dns_filter]") {
  const Rule rule =
      rule_of("{name: r, action: Deny, domains: [a.example], schedule: {timeZone: UTC}}");
  REQUIRE(rule.schedule.is_given());
  CHECK(rule.schedule->weekdays.all());
  CHECK(rule.schedule->start == Schedule().start);
  CHECK(rule.schedule->end == Schedule().end);
}

TEST_CASE("addresses of answers are decoded, and sets become their prefixes",
          "[crds][dns_filter]") {
  const Rule rule = read_one<Filter>(full).rules.at(5);
  CHECK(rule.action == Action::strip);
  REQUIRE(rule.answer_prefixes.size() == 2 + special_purpose_prefixes().size());
  CHECK(rule.answer_prefixes[0] == Prefix::from_text("203.0.113.0/24"));
  CHECK(rule.answer_prefixes[2] == special_purpose_prefixes()[0]);
}

TEST_CASE("responses and rewrites are decoded", "[crds][dns_filter]") {
  const auto rules = read_one<Filter>(full).rules;
  const Response& response = *rules.at(1).response;
  CHECK(rules.at(1).response.is_given());
  CHECK_FALSE(rules.at(4).response.is_given());
  CHECK(response.type == ResponseType::sinkhole);
  CHECK(response.ttl_seconds == 0);
  CHECK(response.sinkhole_ipv4 == Address::from_text("192.0.2.1"));
  CHECK(response.sinkhole_ipv6 == Address::from_text("2001:db8::1"));
  REQUIRE(rules.at(2).rewrite->canonical_name);
  CHECK(to_text(*rules.at(2).rewrite->canonical_name) == "new.example.");
  CHECK(rules.at(2).rewrite->ttl_seconds == 86400);
  CHECK(rules.at(3).rewrite->addresses ==
        std::vector{*Address::from_text("192.0.2.2"), *Address::from_text("2001:db8::2")});
}

TEST_CASE("defaults of the schema are those of the engine", "[crds][dns_filter]") {
  const auto filter =
      filter_of("{rules: [{name: r, action: Deny, domains: [a.example], response: {}}]}");
  const Filter untouched;
  CHECK(filter.priority == untouched.priority);
  CHECK(filter.mode == untouched.mode);
  CHECK(filter.pod_selector.empty());
  CHECK(filter.default_action == untouched.default_action);
  CHECK(filter.logging == untouched.logging);
  CHECK(filter.rules[0].response->type == Response().type);
  CHECK(filter.rules[0].response->ttl_seconds == Response().ttl_seconds);
  const Rule rewrite = rule_of(
      "{name: r, action: Rewrite, domains: [a.example], rewrite: {canonicalName: b.example}}");
  CHECK(rewrite.rewrite->ttl_seconds == Rewrite().ttl_seconds);
}

TEST_CASE("CNAME targets of allowed names are trusted unless it is said otherwise",
          "[crds][dns_filter]") {
  CHECK(rule_of("{name: r, action: Allow, domains: [a.example]}").cname_inspection ==
        CnameInspection::trust);
  CHECK(rule_of("{name: r, action: Deny, domains: [a.example]}").cname_inspection ==
        CnameInspection::inspect);
  CHECK(rule_of("{name: r, action: Audit, domains: [a.example], cnameInspection: Trust}")
            .cname_inspection == CnameInspection::trust);
}

TEST_CASE("every word of the schema has its meaning", "[crds][dns_filter]") {
  const auto action = [](const std::string& word) {
    const std::string rewrite = word == "Rewrite" ? ", rewrite: {canonicalName: b.example}" : "";
    return rule_of("{name: r, domains: [a.example], action: " + word + rewrite + "}").action;
  };
  CHECK(action("Allow") == Action::allow);
  CHECK(action("Deny") == Action::deny);
  CHECK(action("Rewrite") == Action::rewrite);
  CHECK(action("Audit") == Action::audit);
  const auto response = [](const std::string& word) {
    return filter_of("{defaultAction: Deny, defaultResponse: {type: " + word + "}}")
        .default_response.type;
  };
  CHECK(response("NXDOMAIN") == ResponseType::nxdomain);
  CHECK(response("NODATA") == ResponseType::nodata);
  CHECK(response("REFUSED") == ResponseType::refused);
  CHECK(filter_of("{defaultAction: Allow, enforcementMode: Enforce}").default_action ==
        DefaultAction::allow);
  const auto selector = filter_of(
      "{defaultAction: Deny, podSelector: {matchExpressions: [{key: a, operator: In, values: "
      "[\"\"]}, {key: b, operator: DoesNotExist, values: []}]}}");
  CHECK(selector.pod_selector.requirements[0].op == LabelSelector::Operator::in);
  CHECK(selector.pod_selector.requirements[1].op == LabelSelector::Operator::does_not_exist);
}

TEST_CASE("what a server adds to an object is accepted", "[crds][dns_filter]") {
  read_one<Filter>(R"(apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata:
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
  creationTimestamp: "2026-01-01T00:00:00Z"
  finalizers: [example.com/x]
  generation: 3
  labels: {team: web}
  managedFields: [{manager: kubectl}]
  name: f.with.dots
  namespace: shop
  ownerReferences: []
  resourceVersion: "17"
  selfLink: /x
  uid: 0a1b
spec: {defaultAction: Deny}
status: {observedGeneration: 3, conditions: []}
)");
}

}  // namespace sluice::crds
