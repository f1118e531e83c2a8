// SPDX-License-Identifier: Apache-2.0
#include "crds/reviewer.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/loader.hpp"

namespace sluice::crds {
namespace {

using Texts = std::vector<std::string>;

std::string object(const std::string& kind, const std::string& metadata, const std::string& spec) {
  return "{apiVersion: sluice.dev/v1alpha1, kind: " + kind + ", metadata: {" + metadata +
         "}, spec: {" + spec + "}}";
}

std::string filter(const std::string& namespace_name, const std::string& name,
                   const std::string& spec) {
  return object("DNSFilter", "namespace: " + namespace_name + ", name: " + name, spec);
}

std::string tenant(const std::string& name, const std::string& spec) {
  return object("DNSTenant", "name: " + name, spec);
}

std::string name_space(const std::string& name, const std::string& team) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + ", labels: {team: " + team +
         "}}}";
}

std::string rule(const std::string& action, const std::string& domains) {
  return "rules: [{name: r, action: " + action + ", domains: [" + domains + "]}]";
}

/// Paths are the places in the vector, as texts.
std::vector<Source> sources_of(const Texts& texts) {
  std::vector<Source> sources;
  for (const auto& text : texts) {
    sources.push_back({.path = std::to_string(sources.size()), .text = text});
  }
  return sources;
}

Texts reasons_of(const config::Diagnostics& diagnostics) {
  Texts reasons;
  for (const auto& diagnostic : diagnostics) {
    const bool is_error = diagnostic.severity == config::Severity::error;
    reasons.push_back((is_error ? "error " : "warning ") + diagnostic.reason);
  }
  return reasons;
}

Texts review(const Texts& known, const std::string& text) {
  Reviewer reviewer;
  reviewer.update(sources_of(known));
  return reasons_of(reviewer.review({.path = "new", .text = text}));
}

const std::string narrow =
    tenant("acme",
           "namespaceSelector: {matchLabels: {team: acme}}, delegation: {allowedActions: "
           "[Deny], maxFilters: 2, maxDomains: 4}");
const Texts acme = {narrow, name_space("shop", "acme"), name_space("bank", "acme"),
                    name_space("lone", "none")};

Texts with(Texts texts, const Texts& more) {
  texts.insert(texts.end(), more.begin(), more.end());
  return texts;
}

struct Case {
  std::string name;
  Texts known;
  std::string object;
  Texts reasons;
};

}  // namespace

TEST_CASE("an object is told what it would be told among the others", "[crds][reviewer]") {
  const std::string deny = rule("Deny", "a.example");
  const std::string cluster_filter = "tier: Admin, subject: {}, priority: 5, ";
  const std::vector<Case> cases = {
      {"nothing to say", {}, filter("shop", "f", deny), {}},
      {"wrong by itself", {}, filter("shop", "f", rule("Deny", "192.0.2.1")), {"error Invalid"}},
      {"delegated by default", {}, filter("lone", "f", rule("Allow", "a.example")), {}},
      {"not delegated by the tenant of its namespace",
       acme,
       filter("shop", "f", rule("Allow", "a.example")),
       {"error ActionNotDelegated"}},
      {"not delegated in a namespace that nobody has seen yet",
       {tenant("acme",
               "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: new}}, "
               "delegation: {allowedActions: [Deny]}")},
       filter("new", "f", rule("Allow", "a.example")),
       {"error ActionNotDelegated"}},
      {"another tenant's delegation", acme, filter("lone", "f", rule("Allow", "a.example")), {}},
      {"one filter more, of another namespace of the tenant",
       with(acme, {filter("bank", "a", deny), filter("shop", "b", deny)}),
       filter("shop", "c", deny + ", priority: 3"),
       {"error QuotaExceeded"}},
      {"the new version of a filter that has a place",
       with(acme, {filter("bank", "a", deny), filter("shop", "b", deny)}),
       filter("shop", "b", rule("Deny", "b.example")),
       {}},
      {"too many names",
       with(acme, {filter("bank", "a", rule("Deny", "a.example, b.example, c.example"))}),
       filter("shop", "b", rule("Deny", "a.example, b.example")),
       {"error QuotaExceeded"}},
      {"entries of a list count",
       with(acme, {object("DomainList", "namespace: shop, name: l",
                          "entries: [a.example, b.example, c.example, d.example]")}),
       filter("shop", "b",
              "rules: [{name: r, action: Deny, domains: [x.example], domainListRefs: [{kind: "
              "DomainList, name: l}]}]"),
       {"error QuotaExceeded"}},
      {"a list that leaves no room for the filter that refers to it",
       with(acme,
            {filter("shop", "b", "rules: [{name: r, action: Deny, domainListRefs: [{name: l}]}]"),
             object("DomainList", "namespace: shop, name: l", "entries: [a.example]")}),
       object("DomainList", "namespace: shop, name: l",
              "entries: [a.example, b.example, c.example, d.example, e.example]"),
       {"error QuotaExceeded"}},
      {"a list to which nothing refers",
       acme,
       object("DomainList", "namespace: shop, name: l",
              "entries: [a.example, b.example, c.example, d.example, e.example]"),
       {}},
      {"a list of a tenant that has too much anyway",
       with(acme, {filter("shop", "a", deny), filter("shop", "b", deny), filter("shop", "c", deny),
                   object("DomainList", "namespace: shop, name: l", "entries: [a.example]")}),
       object("DomainList", "namespace: shop, name: l", "entries: [b.example]"),
       {}},
      {"a list that is not there",
       {},
       filter("shop", "f",
              "rules: [{name: r, action: Deny, domainListRefs: [{kind: ClusterDomainList, name: "
              "l}]}]"),
       {"error DomainListNotFound"}},
      {"a list that is there",
       {object("ClusterDomainList", "name: l", "entries: [a.example]")},
       filter("shop", "f",
              "rules: [{name: r, action: Deny, domainListRefs: [{kind: ClusterDomainList, name: "
              "l}]}]"),
       {}},
      {"a rule that never decides",
       {},
       filter("shop", "f",
              "rules: [{name: q, action: Deny, domains: [.example]}, {name: r, action: Allow, "
              "domains: [a.example]}]"),
       {"warning RuleShadowed"}},
      {"a tie with a filter before it",
       {filter("shop", "a", rule("Allow", "a.example"))},
       filter("shop", "b", deny),
       {"warning PriorityTie"}},
      {"a tie with a filter after it",
       {filter("shop", "b", rule("Allow", "a.example"))},
       filter("shop", "a", deny),
       {"warning PriorityTie"}},
      {"no tie with its own last version",
       {filter("shop", "a", rule("Allow", "a.example"))},
       filter("shop", "a", deny),
       {}},
      {"no tie with a filter of another namespace",
       {filter("bank", "b", rule("Allow", "a.example"))},
       filter("shop", "a", deny),
       {}},
      {"a tie among the platform's filters",
       {object("ClusterDNSFilter", "name: b", cluster_filter + rule("Allow", "a.example"))},
       object("ClusterDNSFilter", "name: a", cluster_filter + deny),
       {"warning PriorityTie"}},
      {"a tenant that another one is before",
       acme,
       tenant("late", "namespaceSelector: {matchLabels: {team: acme}}"),
       {"error Conflicted"}},
      {"a tenant that is before another one",
       acme,
       tenant("a", "namespaceSelector: {matchLabels: {team: acme}}"),
       {}},
      {"a tenant without namespaces of others",
       acme,
       tenant("late", "namespaceSelector: {matchLabels: {team: none}}"),
       {}},
      {"other objects' problems are theirs",
       with(acme, {filter("shop", "a", rule("Allow", "a.example")), "{broken"}),
       filter("shop", "b", deny),
       {}},
  };
  for (const Case& test : cases) {
    INFO(test.name);
    CHECK(review(test.known, test.object) == test.reasons);
  }
}

TEST_CASE("a review is of what was there at the last update", "[crds][reviewer]") {
  Reviewer reviewer;
  const Source allowing{.path = "new", .text = filter("shop", "f", rule("Allow", "a.example"))};
  reviewer.update(sources_of(acme));
  CHECK(reasons_of(reviewer.review(allowing)) == Texts{"error ActionNotDelegated"});

  Texts changed = acme;
  SECTION("a tenant that has changed") {
    changed[0] = tenant("acme", "namespaceSelector: {matchLabels: {team: acme}}");
  }
  SECTION("a tenant that is gone") {
    changed.erase(changed.begin());
  }
  SECTION("a namespace that belongs to nobody any more") {
    changed[1] = name_space("shop", "none");
  }
  reviewer.update(sources_of(changed));
  CHECK(reasons_of(reviewer.review(allowing)).empty());
}

TEST_CASE("an object that moves to another source stays", "[crds][reviewer]") {
  Reviewer reviewer;
  const std::string list = object("ClusterDomainList", "name: l", "entries: [a.example]");
  const Source user{.path = "new",
                    .text = filter("shop", "f",
                                   "rules: [{name: r, action: Deny, domainListRefs: [{kind: "
                                   "ClusterDomainList, name: l}]}]")};
  reviewer.update(std::vector<Source>{{.path = "one", .text = list}});
  reviewer.update(std::vector<Source>{{.path = "two", .text = list}});
  CHECK(reasons_of(reviewer.review(user)).empty());
  reviewer.update(std::vector<Source>{});
  CHECK(reasons_of(reviewer.review(user)) == Texts{"error DomainListNotFound"});
}

TEST_CASE("a review says what loading everything would say", "[crds][reviewer]") {
  const Texts others = with(acme, {filter("bank", "a", rule("Deny", "a.example"))});
  const std::string reviewed = filter("shop", "z", rule("Allow", "a.example"));
  const auto all = sources_of(with(others, {reviewed}));
  Reviewer reviewer;
  reviewer.update(sources_of(others));
  CHECK(reviewer.review(all.back()) == Loader().load(all).diagnostics);
}

}  // namespace sluice::crds
