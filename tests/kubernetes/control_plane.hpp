// SPDX-License-Identifier: Apache-2.0
// A real API server on a real etcd, on ports of their own, with users that tests can be. Nothing
// else runs: no scheduler, no kubelet (see fake_kubelet.hpp), no controllers (see controllers.hpp).
// It follows that a deleted namespace stays, and that pods go nowhere by themselves.
//
//   TEST_CASE("...") {
//     auto& plane = shared_control_plane();
//     const auto shop = plane.make_namespace("shop");
//     plane.kubectl({"get", "dnsfilters", "-n", shop}, "alice");
//   }
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/kubernetes/api_client.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {

/// Why a control plane cannot be run on this machine; nothing if it can.
std::optional<std::string> reason_without_control_plane();

/// The path of etcd, kube-apiserver, kube-controller-manager or kubectl.
std::string control_plane_program(const std::string& name);

class ControlPlane {
 public:
  /// Returns when it is ready; throws std::runtime_error with what the programs wrote if they do
  /// not start. All of it is gone with the object. `old_etcd` is an etcd 3.4, to be used instead of
  /// the one that was built.
  explicit ControlPlane(std::string old_etcd = {});

  [[nodiscard]] const TemporaryDirectory& directory() const { return directory_; }
  [[nodiscard]] ApiServerAddress address() const { return {api_port_, authority_.file()}; }

  /// Users: `admin` may do everything; `alice` is in the group tenant-a and `bob` in tenant-b, and
  /// both may do what a test has bound them to.
  [[nodiscard]] ApiClient client(const std::string& user = "admin") const;
  [[nodiscard]] std::filesystem::path kubeconfig(const std::string& user) const;
  /// To its end; files are looked up in the directory.
  [[nodiscard]] Outcome kubectl(const std::vector<std::string>& arguments,
                                const std::string& user = "admin") const;

  /// A new namespace whose name begins with `stem`; each test has its own.
  std::string make_namespace(const std::string& stem);
  /// One that objects of fixed text are in; it may be there already.
  void ensure_namespace(const std::string& name) const;
  /// A bound token for a service account that is there, valid for ten minutes or until the account
  /// is deleted. With a pod that runs with it, bound to that too, as the kubelet has it made.
  [[nodiscard]] std::string make_token(const std::string& namespace_name,
                                       const std::string& service_account,
                                       const std::string& pod = "") const;
  /// Our CRDs, which are established when this returns. Throws std::runtime_error.
  void apply_crds() const;
  /// A client certificate, for the user of that name.
  config::ServerTls make_client_certificate(const std::string& user);

  /// As by kill -9. Data and ports stay.
  void kill_api_server();
  void kill_etcd();
  /// Starts those of the two that were killed, and returns when the API server is ready.
  void restart();
  [[nodiscard]] bool is_ready() const;

 private:
  void choose_ports();
  void spawn_etcd();
  void spawn_api_server();
  /// False if one of the programs ends, as it does when somebody else has its port.
  bool wait_until_ready();
  void write_kubeconfig(const std::string& user) const;
  [[nodiscard]] std::string log() const;

  std::string old_etcd_;
  TemporaryDirectory directory_;
  CertificateAuthority authority_;
  config::ServerTls serving_;
  config::ServerTls service_accounts_;  ///< signs their tokens
  std::uint16_t api_port_ = 0;
  std::uint16_t etcd_port_ = 0;
  std::uint16_t etcd_peer_port_ = 0;
  std::unique_ptr<Process> etcd_;
  std::unique_ptr<Process> api_server_;
  int namespaces_ = 0;
};

/// The one of this run, with our CRDs established. Starts it at the first call, which takes some
/// seconds; skips the test where there is none.
ControlPlane& shared_control_plane();

}  // namespace sluice::tests
