// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/node_report.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/kubernetes/policy_changes.hpp"

namespace sluice::kubernetes {
namespace {

const auto now = std::chrono::system_clock::from_time_t(1'800'000'000);

NodeReport some_report() {
  NodeReport report{.refused = {"DNSTenant geo", "DNSFilter shop/web"}};
  report.in_force["DNSFilter"].add("a");
  report.in_force["DNSUpstream"] = Revision();
  return report;
}

boost::json::object body_of(const NodeIdentity& identity, const NodeReport& report) {
  return parse_object(report_body(identity, report, now)).value();
}

}  // namespace

TEST_CASE("what a node says is what a controller reads", "[kubernetes][rollout]") {
  const auto read = read_report(*tests::lease("node-1", some_report(), now));
  REQUIRE(read);
  CHECK(read->node == "node-1");
  CHECK(read->report == some_report());
  CHECK(read->renewed == now);
}

TEST_CASE("a report is a Lease of the node, found by its label", "[kubernetes][rollout]") {
  const NodeIdentity identity{.node = "node-1", .namespace_name = "system"};
  CHECK(report_target(identity) ==
        "/apis/coordination.k8s.io/v1/namespaces/system/leases/sluice-node-node-1"
        "?fieldManager=sluice-agent&force=true");
  const auto body = body_of(identity, some_report());
  CHECK(find_string(*find_object(body, "spec"), "holderIdentity") == "node-1");
  CHECK(find_object(body, "spec")->at("leaseDurationSeconds") == 300);
  CHECK(find_object(*find_object(body, "metadata"), "labels")->at("sluice.dev/report") == "node");
  CHECK(report_resource("system").label_selector == "sluice.dev/report=node");
  // Names in the API end at 253 octets.
  const std::string target =
      report_target({.node = std::string(253, 'n'), .namespace_name = "system"});
  CHECK(target.substr(0, target.find('?')).size() ==
        std::string("/apis/coordination.k8s.io/v1/namespaces/system/leases/").size() + 253);
}

TEST_CASE("the Lease goes with the pod, where that is known", "[kubernetes][rollout]") {
  NodeIdentity identity{.node = "node-1", .namespace_name = "system", .pod_name = "agent-x"};
  CHECK_FALSE(find_object(body_of(identity, {}), "metadata")->contains("ownerReferences"));
  identity.pod_uid = "u";
  const auto body = body_of(identity, {});
  const auto& owner = find_object(body, "metadata")->at("ownerReferences").at(0);
  CHECK(owner.at("kind") == "Pod");
  CHECK(owner.at("name") == "agent-x");
  CHECK(owner.at("uid") == "u");
}

TEST_CASE("a node names fifty refused objects at most", "[kubernetes][rollout]") {
  NodeReport report;
  for (int i = 0; i < 1000; ++i)
    report.refused.insert("DNSFilter shop/" + std::string(200, 'x') + std::to_string(i));
  CHECK(read_report(*tests::lease("n", report, now))->report.refused.size() == 50);
  CHECK(report_body({.node = "n", .namespace_name = "system"}, report, now).size() < 16384);
}

TEST_CASE("a Lease that is no report is none, and a strange one says nothing",
          "[kubernetes][rollout]") {
  const auto read = [](const std::string& annotations, const std::string& name = "sluice-node-n") {
    const auto object = make_object(parse_object(R"({"metadata": {"name": ")" + name +
                                                 R"(", "uid": "u", "resourceVersion": "1",
                        "annotations": {)" + annotations +
                                                 R"(}}, "spec": {"holderIdentity": "n"}})")
                                        .value());
    return read_report(*object);
  };
  CHECK_FALSE(read(""));
  for (const char* text : {"[]", "{", "", R"({\"DNSFilter\": 1})", R"({\"DNSFilter\": \"x\"})"}) {
    INFO(text);
    const auto report = read(R"("sluice.dev/in-force": ")" + std::string(text) +
                             R"(", "sluice.dev/refused": "{}")");
    REQUIRE(report);
    CHECK(report->report == NodeReport());
    CHECK(report->renewed == std::chrono::system_clock::time_point());
  }
  CHECK_FALSE(read(R"("sluice.dev/in-force": "{}")", "sluice-node-of-another"));
}

}  // namespace sluice::kubernetes
