// SPDX-License-Identifier: Apache-2.0
// A real controller manager for the tests that need what it does: deleted namespaces that go,
// aggregated roles, pods of a DaemonSet. Only the controllers that are named run: others would
// delete the pods of a node that nobody has registered.
//
//   const Controllers controllers(plane, "namespace-controller,daemonset-controller");
#pragma once

#include <string>

#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {

/// Runs as long as the object lives.
class Controllers {
 public:
  /// `names` as in --controllers, with commas in between.
  Controllers(const ControlPlane& plane, const std::string& names);

  /// What it wrote, for when it does not do what it should.
  [[nodiscard]] std::string log() const { return process_.errors(); }

 private:
  Process process_;
};

}  // namespace sluice::tests
