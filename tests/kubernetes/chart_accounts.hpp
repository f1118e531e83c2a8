// SPDX-License-Identifier: Apache-2.0
// The service accounts of the chart with the roles that it renders, in a namespace of their own,
// and what their bound tokens may do.
//
//   const ChartAccounts accounts(plane);
//   const ApiClient agent = accounts.client("sluice-agent");
//   CHECK_FALSE(may(agent, {"get", "secrets", accounts.namespace_name()}));
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {

class ChartAccounts {
 public:
  /// `arguments` are helm's, such as `--set`. Skips the test where there is no helm.
  explicit ChartAccounts(ControlPlane& plane, std::vector<std::string> arguments = {});

  [[nodiscard]] const std::string& namespace_name() const { return namespace_; }
  /// With a new token that is bound to the account, and to a pod of it that is there, if one is
  /// given.
  [[nodiscard]] ApiClient client(const std::string& account, const std::string& pod = "") const;
  /// A kubeconfig that names a file with the account's token, as a pod has it.
  [[nodiscard]] std::filesystem::path kubeconfig(const std::string& account) const;
  /// Puts a new token into that file, in one step as the kubelet does.
  void renew_token(const std::string& account) const;
  /// Another account of the same name: the tokens of the one before it are void.
  void replace(const std::string& account) const;

 private:
  [[nodiscard]] std::filesystem::path token_file(const std::string& account) const;

  ControlPlane& plane_;
  std::string namespace_;
};

/// What somebody might want to do. `resource` is as RBAC writes it, `dnsfilters/status`, followed
/// by `.group` unless the group is the core's. Without a namespace it is in all of them.
struct Action {
  std::string verb;
  std::string resource;
  std::string namespace_name = {};
};

/// What the API server says that this client may do.
bool may(const ApiClient& who, const Action& action);

}  // namespace sluice::tests
