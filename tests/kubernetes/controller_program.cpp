// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/controller_program.hpp"

#include <stdexcept>

#include <boost/json.hpp>

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

const std::string roles = std::string(SLUICE_SOURCE_DIR) + "/deploy/kustomize/rbac/";
constexpr const char* account_name = "sluice-controller";

Process start(const ControllerAccount& account, const std::string& name) {
  const auto& directory = account.plane().directory();
  const std::string file = account.namespace_name() + '-' + name + ".yaml";
  directory.write(file, "lease: {namespace: " + account.namespace_name() +
                            ", name: sluice-controller, duration: 3s, renewDeadline: 2s, "
                            "retryPeriod: 300ms}\n"
                            "kubernetes: {kubeconfig: " +
                            account.kubeconfig().string() +
                            "}\n"
                            "log: {level: debug}\n"
                            "admin: {address: 127.0.0.1, port: 0}\n");
  return Process({.arguments = {SLUICE_PROGRAM, "controller", "--config", file},
                  .environment = {{"POD_NAME", name}},
                  .directory = directory.path()});
}

}  // namespace

ControllerAccount::ControllerAccount(ControlPlane& plane)
    : plane_(plane), namespace_(plane.make_namespace("system")) {
  const std::string subject = "--serviceaccount=" + namespace_ + ':' + account_name;
  run({"create", "serviceaccount", account_name, "-n", namespace_});
  run({"apply", "--server-side", "--force-conflicts", "-f", roles + "controller_role.yaml"});
  run({"apply", "--server-side", "-n", namespace_, "-f", roles + "leader_election_role.yaml"});
  run({"create", "clusterrolebinding", namespace_, "--clusterrole=sluice-controller", subject});
  run({"create", "rolebinding", "leases", "-n", namespace_, "--role=sluice-controller", subject});
  kubeconfig_ = plane.directory().path() / "kubeconfigs" / namespace_;
  const auto server = plane.address();
  plane.directory().write(
      kubeconfig_.lexically_relative(plane.directory().path()),
      "apiVersion: v1\nkind: Config\ncurrent-context: test\n"
      "clusters: [{name: test, cluster: {server: 'https://127.0.0.1:" +
          std::to_string(server.port) + "', certificate-authority: '" + server.authority.string() +
          "'}}]\nusers: [{name: controller, user: {token: " +
          plane.make_token(namespace_, account_name) +
          "}}]\ncontexts: [{name: test, context: {cluster: test, user: controller}}]\n");
}

void ControllerAccount::run(std::vector<std::string> arguments) const {
  const auto outcome = plane_.kubectl(arguments);
  if (outcome.exit_code != 0) throw std::runtime_error("kubectl: " + outcome.errors);
}

std::string ControllerAccount::holder() const {
  const auto answer = plane_.client().get("/apis/coordination.k8s.io/v1/namespaces/" + namespace_ +
                                          "/leases/sluice-controller");
  if (answer.status != 200) return {};
  const auto object = answer.json();
  const auto* holder = object.at("spec").as_object().if_contains("holderIdentity");
  return holder == nullptr ? "" : std::string(holder->as_string());
}

ControllerProgram::ControllerProgram(const ControllerAccount& account, const std::string& name)
    : process_(start(account, name)) {
  if (!process_.wait_for_output("\"message\":\"ready\"", 20s))
    throw std::runtime_error("the controller does not start: " + process_.errors());
}

}  // namespace sluice::tests
