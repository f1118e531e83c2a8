// SPDX-License-Identifier: Apache-2.0
// Policies, namespaces and pods from an API server: one reflector for each kind.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "kubernetes/credentials.hpp"
#include "kubernetes/object_tree.hpp"
#include "kubernetes/pod.hpp"
#include "kubernetes/reflector.hpp"
#include "proxy/policy_source.hpp"

namespace sluice::proxy {

class ClusterSource final : public PolicySource {
 public:
  /// Finds the API server and the node's name as `settings` says. Null, with all that is wrong,
  /// when they cannot be found.
  static std::unique_ptr<ClusterSource> make(boost::asio::io_context& control,
                                             const config::Kubernetes& settings,
                                             config::Diagnostics& diagnostics);

  void start(PolicySourceCallbacks callbacks) override;
  std::optional<std::vector<crds::Source>> read(config::Diagnostics& diagnostics) override;
  [[nodiscard]] PodClients pods() const override;
  [[nodiscard]] std::vector<std::string> missing() const override;
  [[nodiscard]] bool is_local() const override { return false; }

 private:
  struct Watched {
    kubernetes::ObjectType type;
    std::string name;  ///< for people: `dnsfilters`
    std::unique_ptr<kubernetes::Reflector> reflector;
  };

  ClusterSource(boost::asio::io_context& control, kubernetes::ClusterAccess access);
  void watch(const kubernetes::ObjectType& type, kubernetes::Resource resource);
  void watch_pods(const config::Kubernetes& settings, const std::string& node_name);
  std::unique_ptr<kubernetes::Reflector> reflector(
      const std::string& name, kubernetes::Resource resource,
      std::function<void(const kubernetes::Changes&)> on_changes);
  void take_pods(const kubernetes::Changes& changes);
  void tell_soon(bool are_policies);
  void settle();
  void tell();

  boost::asio::io_context& control_;
  kubernetes::Credentials credentials_;
  PolicySourceCallbacks callbacks_;
  std::vector<Watched> policies_;
  std::unique_ptr<kubernetes::Reflector> pod_reflector_;
  std::map<std::pair<std::string, std::string>, kubernetes::Pod> pods_;
  boost::asio::steady_timer settle_timer_;
  bool is_settling_ = false;
  bool policies_changed_ = false;
  bool pods_changed_ = false;
};

}  // namespace sluice::proxy
