// SPDX-License-Identifier: Apache-2.0
// Policies, namespaces and pods from an API server: one reflector for each kind.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "kubernetes/credentials.hpp"
#include "kubernetes/policy_watch.hpp"
#include "kubernetes/settling.hpp"
#include "proxy/node_reporter.hpp"
#include "proxy/policy_source.hpp"
#include "proxy/process_status.hpp"
#include "proxy/snapshot_keeper.hpp"

namespace sluice::proxy {

class ClusterSource final : public PolicySource {
 public:
  /// Outlive the source.
  struct Parts {
    boost::asio::io_context& control;
    ProcessStatus& status;
  };
  /// Finds the API server and the node's name as `settings` says. Null, with all that is wrong,
  /// when they cannot be found.
  static std::unique_ptr<ClusterSource> make(const Parts& parts, const config::Kubernetes& settings,
                                             config::Diagnostics& diagnostics);

  void start(PolicySourceCallbacks callbacks) override;
  std::optional<crds::Sources> read(config::Diagnostics& diagnostics) override;
  void take_in_force(const std::set<std::string>& refused) override;
  [[nodiscard]] PodRegistry* pods() override { return pod_reflector_ ? &pods_ : nullptr; }
  [[nodiscard]] std::vector<std::string> missing() const override;
  [[nodiscard]] std::chrono::milliseconds longest_wait() const override;
  [[nodiscard]] bool is_local() const override { return false; }

 private:
  ClusterSource(const Parts& parts, const config::Kubernetes& settings,
                kubernetes::ClusterAccess access);
  void watch_pods(config::WatchedPods pods, const std::string& node_name);
  void use_snapshot();
  void report_as(const std::string& node_name, const config::Kubernetes& settings);
  void take_problem(const std::string& name, const kubernetes::Problem& problem);
  void take_pods(const kubernetes::Changes& changes);
  void tell_soon(bool are_policies);
  bool is_whole();
  void tell_policies();
  void tell_pods();
  void report_watches();
  [[nodiscard]] ClusterSnapshot collect() const;

  std::chrono::milliseconds max_sync_wait_;
  SnapshotKeeper snapshots_;
  /// In force until everything was seen once.
  std::optional<ClusterSnapshot> last_good_;
  kubernetes::Credentials credentials_;
  PolicySourceCallbacks callbacks_;
  kubernetes::Settling policies_settling_;
  kubernetes::Settling
      pods_settling_;                ///< of its own: a pod that starts waits for no tenant's edits
  kubernetes::Revisions revisions_;  ///< of what is watched
  kubernetes::Revisions read_revisions_;  ///< of what read() gave last
  kubernetes::PolicyWatch policies_;
  std::unique_ptr<kubernetes::Reflector> pod_reflector_;
  std::unique_ptr<NodeReporter> reporter_;  ///< null: nobody is told what is in force here
  PodRegistry pods_;
  bool pods_are_old_ = false;  ///< of a snapshot
  Parts parts_;
  boost::asio::steady_timer report_timer_;
  bool policies_changed_ = false;
  bool pods_changed_ = false;
};

}  // namespace sluice::proxy
