// SPDX-License-Identifier: Apache-2.0
#include "proxy/cluster_source.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "kubernetes/find_cluster.hpp"
#include "kubernetes/in_cluster.hpp"
#include "proxy/api_server.hpp"

namespace sluice::proxy {
namespace {

constexpr const char* node_name_variable = "NODE_NAME";
constexpr const char* pod_name_variable = "POD_NAME";
constexpr const char* pod_uid_variable = "POD_UID";
constexpr const char* role = "node-agent";
constexpr const char* pod_kind = "Pod";
/// What a scrape sees of the watches is so old.
constexpr std::chrono::seconds report_interval{5};
/// An API server that is there answers well within this.
constexpr std::chrono::milliseconds longest_wait_with_snapshot{5000};

std::string find_node_name(const config::Kubernetes& settings, config::Diagnostics& diagnostics) {
  std::string name = settings.node_name;
  if (name.empty()) name = kubernetes::environment_variable(node_name_variable);
  if (name.empty() && settings.pods == config::WatchedPods::node) {
    diagnostics.push_back(
        {.path = "kubernetes.nodeName",
         .message = std::string("is missing, and so is the environment variable ") +
                    node_name_variable +
                    "; give one of them, or say with `pods: All` or `pods: None` whose addresses "
                    "are to be known"});
  }
  return name;
}

}  // namespace

std::unique_ptr<ClusterSource> ClusterSource::make(const Parts& parts,
                                                   const config::Kubernetes& settings,
                                                   config::Diagnostics& diagnostics) {
  const std::size_t problems = diagnostics.size();
  auto access = kubernetes::find_cluster(settings.kubeconfig, settings.context, diagnostics);
  const std::string node_name = find_node_name(settings, diagnostics);
  if (!access || diagnostics.size() != problems) return nullptr;
  std::unique_ptr<ClusterSource> source(new ClusterSource(parts, settings, *std::move(access)));
  source->watch_pods(settings.pods, node_name);
  source->use_snapshot();
  source->report_as(node_name, settings);
  return source;
}

ClusterSource::ClusterSource(const Parts& parts, const config::Kubernetes& settings,
                             kubernetes::ClusterAccess access)
    : max_sync_wait_(settings.max_sync_wait),
      snapshots_(parts.control, settings.snapshot_file),
      credentials_(std::move(access)),
      policies_settling_(parts.control.get_executor(), [this] { tell_policies(); }),
      pods_settling_(parts.control.get_executor(), [this] { tell_pods(); }),
      policies_(
          parts.control.get_executor(), credentials_,
          {.connection = api_connection(role), .trim = kubernetes::drop_what_is_no_policy},
          {.on_changes =
               [this](const kubernetes::ObjectType& type, const kubernetes::Changes& changes) {
                 kubernetes::apply(type, changes, revisions_);
                 if (kubernetes::has_news(changes)) tell_soon(true);
               },
           .on_problem = [this](const auto& name,
                                const auto& problem) { take_problem(name, problem); }}),
      parts_(parts),
      report_timer_(parts.control) {}

/// Of completed pods the server then says that they are gone, which is what their addresses are.
void ClusterSource::watch_pods(config::WatchedPods pods, const std::string& node_name) {
  if (pods == config::WatchedPods::none) return;
  std::string selector = "status.phase!=Succeeded,status.phase!=Failed";
  if (pods == config::WatchedPods::node) selector = "spec.nodeName=" + node_name + ',' + selector;
  kubernetes::ReflectorSettings watched{
      .list_watch = {.resource = {.path = "/api/v1/pods",
                                  .field_selector = selector,
                                  .trim = kubernetes::drop_what_identifies_nobody}},
      .connection = api_connection(role)};
  pod_reflector_ = std::make_unique<kubernetes::Reflector>(
      parts_.control.get_executor(), credentials_, std::move(watched),
      kubernetes::ReflectorCallbacks{
          .on_changes = [this](const kubernetes::Changes& changes) { take_pods(changes); },
          .on_problem = [this](const auto& problem) { take_problem("pods", problem); }});
}

void ClusterSource::take_problem(const std::string& name, const kubernetes::Problem& problem) {
  log_problem(name, problem);
  policies_settling_.touch();  // a kind that is not installed may have been the last one missing
}

void ClusterSource::start(PolicySourceCallbacks callbacks) {
  callbacks_ = std::move(callbacks);
  policies_.start();
  if (pod_reflector_) pod_reflector_->start();
  if (reporter_) reporter_->start();
  report_watches();
}

void ClusterSource::report_watches() {
  auto reports = policies_.reports();
  if (pod_reflector_) reports.emplace("pods", pod_reflector_->report());
  parts_.status.watches_changed(std::move(reports));
  report_timer_.expires_after(report_interval);
  report_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) report_watches();
  });
}

/// A Lease is a node's. Where there is no node, as beside a single pod, nobody counts it.
void ClusterSource::report_as(const std::string& node_name, const config::Kubernetes& settings) {
  kubernetes::NodeIdentity identity{.node = node_name,
                                    .namespace_name = settings.report_namespace,
                                    .pod_name = kubernetes::environment_variable(pod_name_variable),
                                    .pod_uid = kubernetes::environment_variable(pod_uid_variable)};
  if (identity.namespace_name.empty())
    identity.namespace_name = kubernetes::own_namespace(kubernetes::service_account_directory);
  if (identity.node.empty() || identity.namespace_name.empty()) return;
  reporter_ = std::make_unique<NodeReporter>(
      parts_.control.get_executor(), credentials_,
      NodeReporter::Settings{.identity = std::move(identity), .interval = settings.report_interval},
      parts_.status);
}

std::optional<crds::Sources> ClusterSource::read(config::Diagnostics& /*unused*/) {
  if (missing().empty()) last_good_.reset();
  if (!last_good_) {
    policies_changed_ = pods_changed_ = false;  // whoever reads knows of it all
    read_revisions_ = revisions_;
    return policies_.sources();
  }
  crds::Sources sources;
  for (const auto& resource : kubernetes::policy_resources()) {
    const auto objects = last_good_->objects.find(resource.type.kind);
    if (objects == last_good_->objects.end()) continue;
    for (const auto& object : objects->second)
      sources.push_back(kubernetes::source_of(object, resource.type));
  }
  return sources;
}

/// What a snapshot says is not told: it may be older than what was told before.
void ClusterSource::take_in_force(const std::set<std::string>& refused) {
  if (reporter_ && !last_good_ && missing().empty())
    reporter_->report({.in_force = read_revisions_, .refused = refused});
}

std::vector<std::string> ClusterSource::missing() const {
  std::vector<std::string> missing = policies_.missing();
  if (pod_reflector_) {
    auto pods = kubernetes::what_is_missing("pods", *pod_reflector_);
    if (pods) missing.push_back(*std::move(pods));
  }
  return missing;
}

std::chrono::milliseconds ClusterSource::longest_wait() const {
  return last_good_ ? std::min(max_sync_wait_, longest_wait_with_snapshot) : max_sync_wait_;
}

void ClusterSource::use_snapshot() {
  last_good_ = snapshots_.load();
  if (!last_good_ || !pod_reflector_) return;
  pods_are_old_ = true;
  for (const auto& object : last_good_->objects[pod_kind])
    pods_.put(kubernetes::read_pod(*object));
}

ClusterSnapshot ClusterSource::collect() const {
  ClusterSnapshot snapshot{policies_.objects()};
  if (!pod_reflector_) return snapshot;
  const auto& pods = pod_reflector_->store().objects();
  snapshot.objects[pod_kind].assign(pods.begin(), pods.end());
  return snapshot;
}

void ClusterSource::take_pods(const kubernetes::Changes& changes) {
  const bool is_whole_list = std::exchange(pods_are_old_, false);
  if (is_whole_list) pods_.clear();
  const bool is_news = pods_.take(changes);
  if (is_news || is_whole_list || changes.empty()) tell_soon(false);
}

void ClusterSource::tell_soon(bool are_policies) {
  (are_policies ? policies_changed_ : pods_changed_) = true;
  (are_policies ? policies_settling_ : pods_settling_).touch();
}

/// Nothing is told before everything was seen once: with half of the policies, what the others
/// forbid would be allowed.
bool ClusterSource::is_whole() {
  if (!missing().empty()) return false;
  snapshots_.save_soon([this] { return collect(); });
  return true;
}

/// Whoever reads policies takes pods along.
void ClusterSource::tell_policies() {
  if (!is_whole()) return;
  if (!std::exchange(policies_changed_, false)) return tell_pods();
  pods_changed_ = false;
  callbacks_.on_policies();
}

void ClusterSource::tell_pods() {
  if (is_whole() && std::exchange(pods_changed_, false)) callbacks_.on_pods();
}

}  // namespace sluice::proxy
