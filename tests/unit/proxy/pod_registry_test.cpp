// SPDX-License-Identifier: Apache-2.0
#include "proxy/pod_registry.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/proxy/registered_pods.hpp"

namespace sluice::proxy {
namespace {

using kubernetes::ChangeKind;

struct Fixture {
  PodRegistry pods;

  bool take(ChangeKind kind, const std::string& name, const std::vector<std::string>& addresses) {
    return pods.take({{.kind = kind, .object = tests::pod_object(name, addresses)}});
  }
  /// The pod behind an address; "?" when it is contested, "-" when nobody is there.
  [[nodiscard]] std::string at(const std::string& text) const {
    const auto address = filters::Address::from_text(text).value();
    if (pods.is_contested(address)) return "?";
    const auto* pod = pods.find(address);
    return pod == nullptr ? "-" : pod->name;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a pod is found by its name and by each of its addresses",
                 "[proxy][pods]") {
  CHECK(take(ChangeKind::added, "web", {"10.0.0.1", "fd00::1"}));
  CHECK(at("10.0.0.1") == "web");
  CHECK(at("fd00::1") == "web");
  CHECK(at("10.0.0.2") == "-");
  REQUIRE(pods.find("shop", "web") != nullptr);
  CHECK(pods.find("shop", "web")->labels.at("app") == "web");
  CHECK(pods.find("bank", "web") == nullptr);
}

TEST_CASE_METHOD(Fixture, "an address goes with its pod", "[proxy][pods]") {
  take(ChangeKind::added, "web", {"10.0.0.1", "fd00::1"});
  CHECK(take(ChangeKind::updated, "web", {"10.0.0.2"}));
  CHECK(at("10.0.0.1") == "-");
  CHECK(at("fd00::1") == "-");
  CHECK(at("10.0.0.2") == "web");
  CHECK(take(ChangeKind::deleted, "web", {"10.0.0.2"}));
  CHECK(at("10.0.0.2") == "-");
  CHECK(pods.clients().groups.empty());
}

TEST_CASE_METHOD(Fixture, "what two pods claim is neither's until one of them is gone",
                 "[proxy][pods]") {
  take(ChangeKind::added, "one", {"10.0.0.1", "10.0.0.2"});
  take(ChangeKind::added, "two", {"10.0.0.1"});
  CHECK(at("10.0.0.1") == "?");
  CHECK(at("10.0.0.2") == "one");
  CHECK(pods.clients().contested.size() == 1);
  take(ChangeKind::deleted, "one", {});
  CHECK(at("10.0.0.1") == "two");
  CHECK(pods.clients().contested.empty());
}

TEST_CASE_METHOD(Fixture, "what says nothing new is no news", "[proxy][pods]") {
  take(ChangeKind::added, "web", {"10.0.0.1"});
  const auto* before = pods.clients().groups.data();
  CHECK_FALSE(take(ChangeKind::updated, "web", {"10.0.0.1"}));
  CHECK_FALSE(take(ChangeKind::deleted, "other", {}));
  CHECK(pods.clients().groups.data() == before);
  CHECK(pods.clients().pods == 1);
}

TEST_CASE_METHOD(Fixture, "pods that were cleared claim nothing", "[proxy][pods]") {
  take(ChangeKind::added, "web", {"10.0.0.1"});
  pods.clear();
  CHECK(at("10.0.0.1") == "-");
  CHECK(pods.find("shop", "web") == nullptr);
  CHECK(pods.clients().pods == 0);
}

}  // namespace sluice::proxy
