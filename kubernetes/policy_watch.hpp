// SPDX-License-Identifier: Apache-2.0
// The policies and namespaces of a cluster: one reflector for each kind, and all of them as one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crds/manifest.hpp"
#include "kubernetes/policy_kinds.hpp"
#include "kubernetes/policy_sources.hpp"
#include "kubernetes/reflector.hpp"

namespace sluice::kubernetes {

struct PolicyWatchSettings {
  ConnectionSettings connection;
  Trim trim = nullptr;  ///< of each object; null for nothing
};

/// Called on the watch's executor.
struct PolicyWatchCallbacks {
  /// See Reflector; `type` is what the objects are.
  std::function<void(const ObjectType& type, const Changes& changes)> on_changes;
  /// `name` is the resource's: `dnsfilters`.
  std::function<void(const std::string& name, const Problem& problem)> on_problem;
};

/// What `reflector` keeps from being complete, as a line for people; nothing when it is. A kind
/// that the server does not know is no reason to wait: there are no such objects.
std::optional<std::string> what_is_missing(const std::string& name, const Reflector& reflector);

/// Lives on one executor. `credentials` outlives it.
class PolicyWatch {
 public:
  PolicyWatch(const boost::asio::any_io_executor& executor, Credentials& credentials,
              const PolicyWatchSettings& settings, PolicyWatchCallbacks callbacks);

  /// Once.
  void start();

  /// All objects as they are now, for crds::Loader. What has not changed is the same Source.
  [[nodiscard]] crds::Sources sources() const;
  /// The same by kind, as they are kept.
  [[nodiscard]] std::map<std::string, std::vector<ObjectPointer>> objects() const;
  /// What was not seen yet; while there is any, what is in sources() is not all there is.
  [[nodiscard]] std::vector<std::string> missing() const;
  /// By the resources' names.
  [[nodiscard]] std::map<std::string, WatchReport> reports() const;
  /// Null when there is none.
  [[nodiscard]] ObjectPointer find(const crds::ObjectKey& key) const;
  /// Of all policies, without namespaces.
  [[nodiscard]] std::vector<crds::ObjectKey> policies() const;

 private:
  struct Watched {
    PolicyResource resource;
    std::unique_ptr<Reflector> reflector;
  };
  void watch(const boost::asio::any_io_executor& executor, Credentials& credentials,
             const PolicyWatchSettings& settings, PolicyResource resource);

  PolicyWatchCallbacks callbacks_;
  PolicySources sources_;
  std::vector<Watched> watched_;
};

}  // namespace sluice::kubernetes
