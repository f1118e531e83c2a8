// SPDX-License-Identifier: Apache-2.0
// A node of which only the reports are real: pods are bound to it, and their status is what the
// test says, when the test says it. That makes every race between pods, addresses and whoever
// watches them a matter of the test's own order.
//
//   FakeKubelet node(plane.client(), "node-1");
//   node.create({.namespace_name = shop, .name = "web", .labels = {{"app", "web"}}});
//   node.report({.namespace_name = shop, .name = "web"}, {.addresses = {"10.0.0.5", "fd00::5"}});
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/kubernetes/api_client.hpp"

namespace sluice::tests {

/// Which pod, and what it is created with.
struct FakePod {
  std::string namespace_name;
  std::string name;
  std::map<std::string, std::string> labels = {};
  bool is_on_host_network = false;
};

/// What a kubelet reports of a pod.
struct PodReport {
  std::string phase = "Running";
  std::vector<std::string> addresses = {};  ///< `status.podIPs`; empty takes them away
  std::string start_time = "2026-01-01T00:00:00Z";
};

/// Throws std::runtime_error if the API server refuses something.
class FakeKubelet {
 public:
  FakeKubelet(ApiClient client, std::string node)
      : client_(std::move(client)), node_(std::move(node)) {}

  /// Bound to the node at once, as by a scheduler; Pending, without an address.
  void create(const FakePod& pod) const;
  void report(const FakePod& pod, const PodReport& report) const;
  /// With a deletion timestamp, and still there, as a pod that is asked to end.
  void begin_deletion(const FakePod& pod) const;
  /// Gone at once.
  void remove(const FakePod& pod) const;

 private:
  ApiClient client_;
  std::string node_;
};

}  // namespace sluice::tests
