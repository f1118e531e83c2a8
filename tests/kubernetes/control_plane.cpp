// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/control_plane.hpp"

#include <array>
#include <csignal>
#include <stdexcept>

#include <boost/system/system_error.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/built_program.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path home = SLUICE_CONTROL_PLANE_HOME;

struct User {
  const char* name;
  const char* group;
};
constexpr std::array users = {User{"admin", "system:masters"}, User{"alice", "tenant-a"},
                              User{"bob", "tenant-b"}};

std::string token_of(const std::string& user) {
  return user + "-token";
}

std::string token_file() {
  std::string text;
  for (const auto& [name, group] : users)
    text += token_of(name) + ',' + name + ',' + name + ",\"" + group + "\"\n";
  return text;
}

std::string local(const char* scheme, std::uint16_t port) {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(port);
}

void kill_and_wait(Process& process) {
  process.signal(SIGKILL);
  process.wait(10s);
}

}  // namespace

std::optional<std::string> reason_without_control_plane() {
  return reason_without(home / "kubectl", "no control plane: run tools/build_control_plane");
}

std::string control_plane_program(const std::string& name) {
  return (home / name).string();
}

ControlPlane::ControlPlane(std::string old_etcd)
    : old_etcd_(std::move(old_etcd)),
      authority_(directory_.path() / "authority"),
      serving_(authority_.issue({.names = {"127.0.0.1"}})),
      service_accounts_(authority_.issue({.names = {"service-accounts"}})) {
  directory_.write("tokens.csv", token_file());
  for (int attempt = 0; attempt < 3; ++attempt) {
    choose_ports();
    spawn_etcd();
    spawn_api_server();
    if (!wait_until_ready()) continue;
    for (const User& user : users)
      write_kubeconfig(user.name);
    return;
  }
  throw std::runtime_error("no control plane: " + log());
}

ApiClient ControlPlane::client(const std::string& user) const {
  return {address(), token_of(user)};
}

std::filesystem::path ControlPlane::kubeconfig(const std::string& user) const {
  return directory_.path() / "kubeconfigs" / user;
}

Outcome ControlPlane::kubectl(const std::vector<std::string>& arguments,
                              const std::string& user) const {
  Command command{.arguments = {control_plane_program("kubectl")},
                  .environment = {{"KUBECONFIG", kubeconfig(user).string()},
                                  {"KUBECACHEDIR", (directory_.path() / "kubectl").string()}},
                  .directory = directory_.path()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return run(command, 60s);
}

std::string ControlPlane::make_namespace(const std::string& stem) {
  std::string name = stem + '-' + std::to_string(++namespaces_);
  ensure_namespace(name);
  return name;
}

void ControlPlane::ensure_namespace(const std::string& name) const {
  const auto answer = client().post("/api/v1/namespaces", "metadata: {name: " + name + "}");
  if (answer.status != 409) static_cast<void>(answer.object());
}

std::string ControlPlane::make_token(const std::string& namespace_name,
                                     const std::string& service_account,
                                     const std::string& pod) const {
  const std::string bound =
      pod.empty()
          ? ""
          : R"(, "boundObjectRef": {"apiVersion": "v1", "kind": "Pod", "name": ")" + pod + "\"}";
  const auto answer = client().post(
      "/api/v1/namespaces/" + namespace_name + "/serviceaccounts/" + service_account + "/token",
      R"({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
          "spec": {"expirationSeconds": 600)" +
          bound + "}}");
  return std::string(answer.object().at("status").at("token").as_string());
}

void ControlPlane::apply_crds() const {
  for (const auto& arguments :
       {std::vector<std::string>{"apply", "--server-side", "-k", SLUICE_SOURCE_DIR "/crds/schema"},
        {"wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"}}) {
    const Outcome outcome = kubectl(arguments);
    if (outcome.exit_code != 0) throw std::runtime_error("no CRDs: " + outcome.errors);
  }
}

config::ServerTls ControlPlane::make_client_certificate(const std::string& user) {
  return authority_.issue({.names = {user}});
}

void ControlPlane::kill_api_server() {
  kill_and_wait(*api_server_);
}

void ControlPlane::kill_etcd() {
  kill_and_wait(*etcd_);
}

void ControlPlane::restart() {
  if (etcd_->wait(0ms)) spawn_etcd();
  if (api_server_->wait(0ms)) spawn_api_server();
  if (!wait_until_ready()) throw std::runtime_error("no control plane any more: " + log());
}

bool ControlPlane::is_ready() const {
  try {
    return client().get("/readyz").status == 200;
  } catch (const boost::system::system_error&) {
    return false;  // it does not listen yet, or no longer
  }
}

void ControlPlane::choose_ports() {
  api_port_ = likely_free_port();
  etcd_port_ = likely_free_port();
  etcd_peer_port_ = likely_free_port();
}

void ControlPlane::spawn_etcd() {
  const std::string clients = local("http", etcd_port_);
  const std::string peers = local("http", etcd_peer_port_);
  etcd_.reset();  // in its place, never beside it
  Command command{.arguments = {old_etcd_.empty() ? control_plane_program("etcd") : old_etcd_,
                                "--data-dir=etcd", "--listen-client-urls=" + clients,
                                "--advertise-client-urls=" + clients, "--listen-peer-urls=" + peers,
                                "--initial-advertise-peer-urls=" + peers,
                                "--initial-cluster=default=" + peers, "--log-level=warn"},
                  .environment = {},
                  .directory = directory_.path()};
  command.arguments.emplace_back(old_etcd_.empty() ? "--unsafe-no-fsync" : "--logger=zap");
  etcd_ = std::make_unique<Process>(command);
}

void ControlPlane::spawn_api_server() {
  const std::string signing_key = service_accounts_.private_key_file.string();
  api_server_.reset();
  api_server_ = std::make_unique<Process>(Command{
      .arguments = {control_plane_program("kube-apiserver"),
                    "--etcd-servers=" + local("http", etcd_port_), "--bind-address=127.0.0.1",
                    "--secure-port=" + std::to_string(api_port_),
                    // Without a default route it cannot find an address of its own, and one of
                    // loopback is none to publish.
                    "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
                    "--tls-cert-file=" + serving_.certificate_file.string(),
                    "--tls-private-key-file=" + serving_.private_key_file.string(),
                    "--client-ca-file=" + authority_.file().string(),
                    "--service-account-issuer=https://kubernetes.default.svc",
                    "--service-account-key-file=" + service_accounts_.certificate_file.string(),
                    "--service-account-signing-key-file=" + signing_key,
                    "--token-auth-file=tokens.csv", "--authorization-mode=RBAC",
                    "--service-cluster-ip-range=10.96.0.0/16",
                    // No controller makes the accounts that it would wait for.
                    "--disable-admission-plugins=ServiceAccount", "--allow-privileged=true",
                    "--profiling=false", "--event-ttl=10m", "--v=1"},
      .environment = {},
      .directory = directory_.path()});
}

bool ControlPlane::wait_until_ready() {
  bool ended = false;
  const bool ready = eventually(90s, [&] {
    ended = etcd_->wait(0ms).has_value() || api_server_->wait(0ms).has_value();
    return ended || is_ready();
  });
  return ready && !ended;
}

void ControlPlane::write_kubeconfig(const std::string& user) const {
  directory_.write(
      std::filesystem::path("kubeconfigs") / user,
      "apiVersion: v1\nkind: Config\nclusters:\n- name: test\n  cluster:\n    server: " +
          local("https", api_port_) + "\n    certificate-authority: " + authority_.file().string() +
          "\nusers:\n- name: " + user + "\n  user: {token: " + token_of(user) +
          "}\ncontexts:\n- name: test\n  context: {cluster: test, user: " + user +
          "}\ncurrent-context: test\n");
}

std::string ControlPlane::log() const {
  return etcd_->errors() + api_server_->errors();
}

ControlPlane& shared_control_plane() {
  if (const auto reason = reason_without_control_plane()) SKIP(*reason);
  static ControlPlane plane;
  static const bool has_crds = (plane.apply_crds(), true);
  REQUIRE(has_crds);
  return plane;
}

}  // namespace sluice::tests
