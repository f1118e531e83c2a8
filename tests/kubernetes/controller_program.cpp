// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/controller_program.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "tests/e2e/sluice_program.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

const std::string deploy = std::string(SLUICE_SOURCE_DIR) + "/deploy/kustomize/";
const std::string roles = deploy + "rbac/";
constexpr const char* account_name = "sluice-controller";

std::string read_text(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

Process start(const ControllerAccount& account, const std::string& name,
              const std::string& settings) {
  const auto& directory = account.plane().directory();
  const std::string file = account.namespace_name() + '-' + name + ".yaml";
  directory.write(file, "lease: {namespace: " + account.namespace_name() +
                            ", name: sluice-controller, duration: 3s, renewDeadline: 2s, "
                            "retryPeriod: 300ms}\n"
                            "kubernetes: {kubeconfig: " +
                            account.kubeconfig().string() +
                            "}\n"
                            "log: {level: debug}\n"
                            "admin: {address: 127.0.0.1, port: 0}\n" +
                            settings);
  return Process({.arguments = {SLUICE_PROGRAM, "controller", "--config", file},
                  .environment = {{"POD_NAME", name}},
                  .directory = directory.path()});
}

/// Whose token it is: of the pod too, if there is one.
struct TokenOwner {
  std::string account;
  std::string pod = {};
};

std::filesystem::path write_kubeconfig(const ControlPlane& plane, const std::string& namespace_name,
                                       const TokenOwner& owner) {
  const std::filesystem::path name =
      std::filesystem::path("kubeconfigs") /
      (namespace_name + '-' + (owner.pod.empty() ? owner.account : owner.pod));
  const auto server = plane.address();
  plane.directory().write(
      name,
      "apiVersion: v1\nkind: Config\ncurrent-context: test\n"
      "clusters: [{name: test, cluster: {server: 'https://127.0.0.1:" +
          std::to_string(server.port) + "', certificate-authority: '" + server.authority.string() +
          "'}}]\nusers: [{name: account, user: {token: " +
          plane.make_token(namespace_name, owner.account, owner.pod) +
          "}}]\ncontexts: [{name: test, context: {cluster: test, user: account}}]\n");
  return plane.directory().path() / name;
}

}  // namespace

AgentAccount::AgentAccount(const ControllerAccount& controller) : controller_(controller) {
  const std::string& name_space = controller.namespace_name();
  const std::string subject = "--serviceaccount=" + name_space + ":sluice-agent";
  controller.run({"create", "serviceaccount", "sluice-agent", "-n", name_space});
  controller.run({"apply", "-f", roles + "agent_role.yaml"});
  controller.run({"apply", "-n", name_space, "-f", roles + "agent_lease_role.yaml"});
  controller.run({"apply", "--server-side", "--force-conflicts", "-k", deploy + "lease-policy"});
  controller.run({"create", "clusterrolebinding", name_space + "-agent",
                  "--clusterrole=sluice-agent", subject});
  controller.run(
      {"create", "rolebinding", "reports", "-n", name_space, "--role=sluice-agent", subject});
}

std::filesystem::path AgentAccount::kubeconfig(const std::string& node) const {
  const std::string& name_space = controller_.namespace_name();
  const std::string pod = "agent-" + node;
  (void)controller_.plane()
      .client()
      .post("/api/v1/namespaces/" + name_space + "/pods",
            "{metadata: {name: " + pod + "}, spec: {serviceAccountName: sluice-agent, nodeName: " +
                node + ", containers: [{name: agent, image: example.test/none}]}}")
      .object();
  return write_kubeconfig(controller_.plane(), name_space, {"sluice-agent", pod});
}

ControllerAccount::ControllerAccount(ControlPlane& plane)
    : plane_(plane), namespace_(plane.make_namespace("system")) {
  const std::string subject = "--serviceaccount=" + namespace_ + ':' + account_name;
  run({"create", "serviceaccount", account_name, "-n", namespace_});
  run({"apply", "--server-side", "--force-conflicts", "-f", roles + "controller_role.yaml"});
  run({"apply", "--server-side", "-n", namespace_, "-f", roles + "leader_election_role.yaml"});
  run({"create", "clusterrolebinding", namespace_, "--clusterrole=sluice-controller", subject});
  run({"create", "rolebinding", "leases", "-n", namespace_, "--role=sluice-controller", subject});
  kubeconfig_ = write_kubeconfig(plane, namespace_, {account_name});
}

void ControllerAccount::run(const std::vector<std::string>& arguments) const {
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

void ControllerAccount::allow_webhook() const {
  std::string text = read_text(deploy + "webhook/rbac.yaml");
  const std::string shipped = "namespace: sluice-system";
  for (std::size_t at = 0; (at = text.find(shipped, at)) != std::string::npos;)
    text.replace(at, shipped.size(), "namespace: " + namespace_);
  plane_.directory().write("webhook-rbac.yaml", text);
  run({"apply", "-n", namespace_, "-f", "webhook-rbac.yaml"});
}

ControllerProgram::ControllerProgram(const ControllerAccount& account, const std::string& name,
                                     const std::string& settings)
    : process_(start(account, name, settings)) {
  if (!process_.wait_for_output("\"message\":\"ready\"", 20s))
    throw std::runtime_error("the controller does not start: " + process_.errors());
}

std::uint16_t ControllerProgram::port(const std::string& name) const {
  std::istringstream lines(process_.errors());
  for (std::string line; std::getline(lines, line);) {
    const auto entry = boost::json::parse(line).as_object();
    if (entry.at("message") == "ready") return entry.at(name).to_number<std::uint16_t>();
  }
  throw std::runtime_error("the controller is not ready");
}

std::string ControllerProgram::get(const std::string& path) const {
  return get_page(port("adminPort"), path);
}

}  // namespace sluice::tests
