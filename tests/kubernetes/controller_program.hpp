// SPDX-License-Identifier: Apache-2.0
// The real `sluice controller`, with the rights of its own service account: the roles are those
// that are shipped.
//
//   const ControllerAccount account(plane);
//   ControllerProgram controller(account, "first");
//   REQUIRE(controller.process().wait_for_output("\"leads\"", 20s));
#pragma once

#include <string>

#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {

/// A namespace of its own, with the service account and its Lease in it.
class ControllerAccount {
 public:
  explicit ControllerAccount(ControlPlane& plane);

  [[nodiscard]] ControlPlane& plane() const { return plane_; }
  [[nodiscard]] const std::string& namespace_name() const { return namespace_; }
  [[nodiscard]] const std::filesystem::path& kubeconfig() const { return kubeconfig_; }
  /// Who has the Lease; empty for nobody.
  [[nodiscard]] std::string holder() const;
  /// Gives it the rights that a webhook with a certificate of its own needs, as they are shipped.
  void allow_webhook() const;
  /// kubectl, as admin; must succeed.
  void run(const std::vector<std::string>& arguments) const;

 private:
  ControlPlane& plane_;
  std::string namespace_;
  std::filesystem::path kubeconfig_;
};

/// The agents of a controller's namespace, with the rights that are shipped.
class AgentAccount {
 public:
  explicit AgentAccount(const ControllerAccount& controller);

  /// With the token of a pod on that node, which is made; once for each node.
  [[nodiscard]] std::filesystem::path kubeconfig(const std::string& node) const;

 private:
  const ControllerAccount& controller_;
};

/// Its Lease lasts for three seconds.
class ControllerProgram {
 public:
  /// `name` is what it calls itself in the Lease, `settings` are lines of its own. Returns when it
  /// runs, leader or not.
  ControllerProgram(const ControllerAccount& account, const std::string& name,
                    const std::string& settings = "");

  Process& process() { return process_; }
  /// `adminPort` or `webhookPort`.
  [[nodiscard]] std::uint16_t port(const std::string& name) const;
  /// A page of its admin server.
  [[nodiscard]] std::string get(const std::string& path) const;
  [[nodiscard]] std::string log() const { return process_.errors(); }

 private:
  Process process_;
};

}  // namespace sluice::tests
