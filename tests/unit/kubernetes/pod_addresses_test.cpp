// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/pod_addresses.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

namespace sluice::kubernetes {
namespace {

const filters::Address first = filters::Address::from_text("10.1.2.3").value();
const filters::Address second = filters::Address::from_text("fd00::3").value();

Pod pod(const std::string& namespace_name, int started = 100) {
  return {.namespace_name = namespace_name,
          .name = "p",
          .labels = {},
          .addresses = {first},
          .started = std::chrono::sys_seconds(std::chrono::seconds(started))};
}

Pod changed(Pod pod, void (*change)(Pod&)) {
  change(pod);
  return pod;
}

/// Whose the address is, whatever the order in which the pods are told: "" for nobody, "?" when it
/// is contested.
std::string owner(std::vector<Pod> pods) {
  std::string found;
  for (int turn = 0; turn < 2; ++turn) {
    std::vector<const Pod*> told;
    for (const Pod& pod : pods)
      told.push_back(&pod);
    const auto assigned = assign_addresses(told);
    const auto at = assigned.owners.find(first);
    std::string name = at == assigned.owners.end() ? "" : at->second->namespace_name;
    if (!assigned.contested.empty()) name = "?";
    if (turn > 0) CHECK(name == found);
    found = name;
    std::reverse(pods.begin(), pods.end());
  }
  return found;
}

}  // namespace

TEST_CASE("a pod has all its addresses", "[kubernetes][pod]") {
  Pod shop = pod("shop");
  shop.addresses.push_back(second);
  const auto assigned = assign_addresses({&shop});
  REQUIRE(assigned.owners.size() == 2);
  CHECK(assigned.owners.at(second) == &shop);
}

TEST_CASE("a completed pod and one on the host's network claim nothing", "[kubernetes][pod]") {
  const Pod done = changed(pod("old", 200), [](Pod& p) { p.is_terminal = true; });
  const Pod host = changed(pod("host", 200), [](Pod& p) { p.uses_host_network = true; });
  CHECK(owner({done}).empty());
  CHECK(owner({host}).empty());
  CHECK(owner({done, host, pod("new")}) == "new");
}

TEST_CASE("an address is its next owner's while the last one is still being deleted",
          "[kubernetes][pod]") {
  const Pod leaving = changed(pod("old", 200), [](Pod& p) { p.is_terminating = true; });
  CHECK(owner({leaving, pod("new", 100)}) == "new");
  CHECK(owner({leaving}) == "old");  // its last queries are still its own
}

TEST_CASE("of two running pods the one that started last has the address", "[kubernetes][pod]") {
  CHECK(owner({pod("old", 100), pod("new", 101)}) == "new");
  const Pod unborn = changed(pod("unborn"), [](Pod& p) { p.started.reset(); });
  CHECK(owner({unborn, pod("new", 100)}) == "new");
}

TEST_CASE("an address that two pods claim alike is nobody's", "[kubernetes][pod]") {
  CHECK(owner({pod("one"), pod("two")}) == "?");
  CHECK(owner({pod("one"), pod("two"), pod("three", 101)}) == "three");
}

}  // namespace sluice::kubernetes
