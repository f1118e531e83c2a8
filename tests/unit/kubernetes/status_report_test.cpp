// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/status_report.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"
#include "kubernetes/policy_kinds.hpp"

using namespace sluice;
using namespace sluice::kubernetes;

namespace {

/// Objects of an API server, loaded as the controller loads them.
class Cluster {
 public:
  void add(const crds::ObjectKey& key, const std::string& spec, const std::string& labels = "{}") {
    const std::string scope =
        key.namespace_name.empty() ? "" : R"("namespace": ")" + key.namespace_name + "\", ";
    auto json =
        parse_object(R"({"metadata": {)" + scope + R"("name": ")" + key.name +
                     R"(", "uid": "u", "resourceVersion": "1", "generation": 4, "labels": )" +
                     labels + R"(}, "spec": )" + spec + '}');
    objects_[key] = make_object(*std::move(json));
  }
  [[nodiscard]] ObjectStatus status_of(const crds::ObjectKey& key) const {
    std::vector<crds::Source> sources;
    for (const auto& [one, object] : objects_) {
      const char* version = one.kind == "Namespace" ? "v1" : "sluice.dev/v1alpha1";
      sources.push_back(source_of(object, {version, one.kind}));
    }
    const auto loaded = crds::Loader().load(sources);
    return StatusReport(loaded).status_of(key, *objects_.at(key));
  }

 private:
  std::map<crds::ObjectKey, ObjectPointer> objects_;
};

const std::string two_rules = R"({"rules": [
  {"name": "a", "action": "Deny", "domains": ["a.example", "b.example"]},
  {"name": "b", "action": "Deny", "domainListRefs": [{"name": "ads"}]}]})";

}  // namespace

TEST_CASE("a filter's status says what it came to, and of which version", "[kubernetes][status]") {
  Cluster cluster;
  cluster.add({"DNSFilter", "shop", "web"}, two_rules);
  cluster.add({"DomainList", "shop", "ads"}, R"({"entries": ["c.example"]})");
  const auto status = cluster.status_of({"DNSFilter", "shop", "web"});
  CHECK(status.generation == 4);
  CHECK(status.conditions.back().status == "True");
  CHECK(status.counts.at("compiled").at("ruleCount") == 2);
  CHECK(status.counts.at("compiled").at("domainCount") == 3);
  const auto list = cluster.status_of({"DomainList", "shop", "ads"});
  CHECK(list.counts.at("entryCount") == 1);
  CHECK(list.counts.at("invalidEntryCount") == 0);
}

TEST_CASE("a problem is told of its own object alone", "[kubernetes][status]") {
  Cluster cluster;
  cluster.add({"DNSFilter", "shop", "web"}, two_rules);
  cluster.add({"DNSFilter", "bank", "web"},
              R"({"rules": [{"name": "a", "action": "Deny", "domains": ["a.example"]}]})");
  CHECK(cluster.status_of({"DNSFilter", "shop", "web"}).conditions[0].reason ==
        "DomainListNotFound");
  CHECK(cluster.status_of({"DNSFilter", "bank", "web"}).conditions[0].reason == "Accepted");
}

TEST_CASE("all wrong entries of a list are counted, however many", "[kubernetes][status]") {
  Cluster cluster;
  std::string entries = "\"a.example\"";
  for (int i = 0; i < 120; ++i)
    entries += ", \"wrong..example\"";
  cluster.add({"DomainList", "shop", "ads"}, R"({"entries": [)" + entries + "]}");
  const auto status = cluster.status_of({"DomainList", "shop", "ads"});
  CHECK(status.counts.at("invalidEntryCount") == 120);
  CHECK_FALSE(status.counts.contains("entryCount"));
}

TEST_CASE("a tenant's status counts its namespaces and their filters", "[kubernetes][status]") {
  Cluster cluster;
  cluster.add({"DNSTenant", "", "shops"},
              R"({"namespaceSelector": {"matchLabels": {"team": "shop"}}})");
  cluster.add({"Namespace", "", "shop"}, "{}", R"({"team": "shop"})");
  cluster.add({"Namespace", "", "shop-test"}, "{}", R"({"team": "shop"})");
  cluster.add({"Namespace", "", "bank"}, "{}");
  cluster.add({"DNSFilter", "shop", "web"}, two_rules);
  cluster.add({"DNSFilter", "bank", "web"}, two_rules);
  const auto status = cluster.status_of({"DNSTenant", "", "shops"});
  CHECK(status.counts.at("namespaceCount") == 2);
  CHECK(status.counts.at("filterCount") == 1);
}
