// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_lookup.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/proxy/registered_pods.hpp"

namespace sluice::proxy {
namespace {

struct Fixture {
  Fixture() {
    settings.identity.static_entries = {{"wide", {"10.0.0.0/8"}, {}, {}},
                                        {"narrow", {"10.0.1.0/24"}, {}, {{"app", "ci"}}}};
    pods.put(tests::pod("web", {"10.0.1.7", "fd00::7"}));
    pods.put(tests::pod("one", {"10.0.1.8"}));
    pods.put(tests::pod("two", {"10.0.1.8"}));
  }
  [[nodiscard]] StaticIdentities identities() const {
    config::Diagnostics diagnostics;
    return StaticIdentities::make(settings, diagnostics).value();
  }
  /// "namespace: identity", or why it is nobody.
  [[nodiscard]] std::string look_up(const Asker& asker) const {
    const auto found = proxy::look_up(asker, &pods, identities());
    if (!found) return found.error();
    return found->workload.namespace_name + ": " + boost::json::serialize(found->identity);
  }
  [[nodiscard]] std::string at(const std::string& address) const {
    return look_up(filters::Address::from_text(address).value());
  }
  [[nodiscard]] std::string named(const std::string& name) const {
    return look_up(PodName{"shop", name});
  }
  /// Why nobody knows a pod of which only that is unusual.
  std::string why_nobody(void (*change)(kubernetes::Pod&)) {
    auto odd = tests::pod("odd", {"10.0.1.9"});
    change(odd);
    pods.put(odd);
    return named("odd");
  }

  config::Settings settings;
  PodRegistry pods;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an address is a pod's before it is in a CIDR", "[proxy][explain]") {
  CHECK(at("10.0.1.7") == R"(shop: {"knownBy":"pod","pod":"web","addresses":["10.0.1.7"]})");
  CHECK(at("10.0.1.6") == R"(narrow: {"knownBy":"identity.static","addresses":["10.0.1.6"]})");
  CHECK(at("10.0.2.6") == R"(wide: {"knownBy":"identity.static","addresses":["10.0.2.6"]})");
}

TEST_CASE_METHOD(Fixture, "labels of the configuration are the workload's", "[proxy][explain]") {
  const auto found =
      proxy::look_up(filters::Address::from_text("10.0.1.6").value(), nullptr, identities());
  REQUIRE(found.has_value());
  CHECK(found->workload.labels.at("app") == "ci");
}

TEST_CASE_METHOD(Fixture, "who is unknown is told what becomes of its queries",
                 "[proxy][explain]") {
  CHECK(at("192.0.2.1") ==
        "nobody is known by the address 192.0.2.1: no pod has it for itself, and identity.static "
        "does not have it; who is unknown is refused");
  settings.identity.unknown_client = config::UnknownClient::baseline;
  CHECK(at("10.0.1.8") ==
        "nobody is known by the address 10.0.1.8: several pods claim it; who is unknown gets the "
        "cluster-wide policies alone");
  settings.identity.certificates.emplace();
  CHECK(at("10.0.1.8") ==
        "nobody is known by the address 10.0.1.8: several pods claim it; who is unknown by "
        "listener and certificate too gets the cluster-wide policies alone");
}

TEST_CASE_METHOD(Fixture, "a pod is known by the addresses that are its own", "[proxy][explain]") {
  CHECK(named("web") ==
        R"(shop: {"knownBy":"pod","pod":"web","addresses":["10.0.1.7","fd00::7"]})");
  CHECK(named("gone") ==
        "no running pod shop/gone is known here: it has ended, is on another node, or was never "
        "there");
  CHECK(named("one") ==
        "the pod shop/one has the address 10.0.1.8, which several pods claim, so it is none of "
        "theirs");
}

TEST_CASE_METHOD(Fixture, "a pod whose queries are not its own is told why", "[proxy][explain]") {
  CHECK(why_nobody([](auto& pod) { pod.addresses.clear(); }) ==
        "the pod shop/odd has no address yet");
  CHECK(why_nobody([](auto& pod) { pod.uses_host_network = true; }) ==
        "the pod shop/odd is on its host's network: its queries come from an address of the host");
  CHECK(why_nobody([](auto& pod) {
          pod.addresses = {filters::Address::from_text("10.0.1.7").value()};
          pod.is_terminating = true;
        }) ==
        "the pod shop/odd has the address 10.0.1.7, which is taken for that of shop/web by "
        "now");
}

TEST_CASE_METHOD(Fixture, "where no pods are watched they have to be described",
                 "[proxy][explain]") {
  CHECK(proxy::look_up(PodName{"shop", "web"}, nullptr, identities()).error() ==
        "no pods are watched here; say which `namespace` and which `podLabels` the pod has");
  auto own = identities();
  own.set_own_pod({"shop", {}});
  const auto found = proxy::look_up(filters::Address::from_text("127.0.0.1").value(), nullptr, own);
  REQUIRE(found.has_value());
  CHECK(boost::json::serialize(found->identity) ==
        R"({"knownBy":"identity.pod","addresses":["127.0.0.1"]})");
}

}  // namespace sluice::proxy
