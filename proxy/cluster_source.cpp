// SPDX-License-Identifier: Apache-2.0
#include "proxy/cluster_source.hpp"

#include <array>
#include <bit>
#include <utility>

#include "crds/group.hpp"
#include "kubernetes/in_cluster.hpp"
#include "kubernetes/kubeconfig.hpp"
#include "kubernetes/pod_addresses.hpp"
#include "proxy/log.hpp"
#include "proxy/version.hpp"

namespace sluice::proxy {
namespace {

/// `kubectl apply` of a directory makes an event for each object. Far below the second within which
/// a tenant's edit is to have its effect.
constexpr std::chrono::milliseconds settle_time{20};
constexpr const char* node_name_variable = "NODE_NAME";

struct PolicyKind {
  const char* kind;
  const char* plural;
};
constexpr std::array policy_kinds = {
    PolicyKind{"DNSFilter", "dnsfilters"},   PolicyKind{"ClusterDNSFilter", "clusterdnsfilters"},
    PolicyKind{"DomainList", "domainlists"}, PolicyKind{"ClusterDomainList", "clusterdomainlists"},
    PolicyKind{"DNSTenant", "dnstenants"},   PolicyKind{"DNSUpstream", "dnsupstreams"},
};

std::optional<kubernetes::ClusterAccess> find_access(const config::Kubernetes& settings,
                                                     config::Diagnostics& diagnostics) {
  if (!settings.kubeconfig.empty())
    return kubernetes::read_kubeconfig(settings.kubeconfig, settings.context, diagnostics);
  return kubernetes::find_in_cluster(kubernetes::environment_variable,
                                     kubernetes::service_account_directory, diagnostics);
}

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

/// The first one in a row, and then ever more seldom: an API server may be away for hours.
void log_problem(const std::string& name, const kubernetes::Problem& problem) {
  if (!std::has_single_bit(problem.count)) return;
  log::warn("what the API server says is not up to date",
            {{"resource", name}, {"failures", problem.count}, {"problem", problem.failure.text}});
}

/// A CRD that is not installed is no reason to wait: there are no such objects.
bool is_missing_kind(const kubernetes::SyncState& state) {
  return state.problem && state.problem->failure.kind == kubernetes::FailureKind::status &&
         state.problem->failure.status.code == 404;
}

void add_missing(const std::string& name, const kubernetes::Reflector& reflector,
                 std::vector<std::string>& missing) {
  const kubernetes::SyncState& state = reflector.state();
  if (state.is_synced || is_missing_kind(state)) return;
  missing.push_back(name + " of the API server were not seen yet" +
                    (state.problem ? ": " + state.problem->failure.text : ""));
}

crds::Source source_of(const kubernetes::ObjectPointer& object,
                       const kubernetes::ObjectType& type) {
  const std::string scope = object->namespace_name.empty() ? "" : object->namespace_name + '/';
  return {.path = type.kind + ' ' + scope + object->name,
          .text = object->uid + '/' + object->resource_version,
          .tree = [object, type] { return kubernetes::to_tree(*object, type); }};
}

}  // namespace

std::unique_ptr<ClusterSource> ClusterSource::make(boost::asio::io_context& control,
                                                   const config::Kubernetes& settings,
                                                   config::Diagnostics& diagnostics) {
  const std::size_t problems = diagnostics.size();
  auto access = find_access(settings, diagnostics);
  const std::string node_name = find_node_name(settings, diagnostics);
  if (!access || diagnostics.size() != problems) return nullptr;
  std::unique_ptr<ClusterSource> source(new ClusterSource(control, *std::move(access)));
  for (const auto& [kind, plural] : policy_kinds) {
    source->watch({crds::api_version, kind},
                  {.path = std::string("/apis/") + crds::api_version + '/' + plural});
  }
  source->watch({"v1", "Namespace"},
                {.path = "/api/v1/namespaces", .projection = kubernetes::Projection::metadata});
  source->watch_pods(settings, node_name);
  return source;
}

ClusterSource::ClusterSource(boost::asio::io_context& control, kubernetes::ClusterAccess access)
    : control_(control), credentials_(std::move(access)), settle_timer_(control) {}

void ClusterSource::watch(const kubernetes::ObjectType& type, kubernetes::Resource resource) {
  std::string name = resource.path.substr(resource.path.rfind('/') + 1);
  auto made =
      reflector(name, std::move(resource), [this](const kubernetes::Changes&) { tell_soon(true); });
  policies_.push_back({type, std::move(name), std::move(made)});
}

/// Of completed pods the server then says that they are gone, which is what their addresses are.
void ClusterSource::watch_pods(const config::Kubernetes& settings, const std::string& node_name) {
  if (settings.pods == config::WatchedPods::none) return;
  std::string selector = "status.phase!=Succeeded,status.phase!=Failed";
  if (settings.pods == config::WatchedPods::node)
    selector = "spec.nodeName=" + node_name + ',' + selector;
  pod_reflector_ = reflector("pods", {.path = "/api/v1/pods", .field_selector = selector},
                             [this](const kubernetes::Changes& changes) { take_pods(changes); });
}

std::unique_ptr<kubernetes::Reflector> ClusterSource::reflector(
    const std::string& name, kubernetes::Resource resource,
    std::function<void(const kubernetes::Changes&)> on_changes) {
  kubernetes::ReflectorSettings settings{.list_watch = {.resource = std::move(resource)}};
  settings.connection.user_agent = std::string("sluice/") + version + " (node-agent)";
  return std::make_unique<kubernetes::Reflector>(
      control_.get_executor(), credentials_, std::move(settings),
      kubernetes::ReflectorCallbacks{
          .on_changes = std::move(on_changes), .on_problem = [this, name](const auto& problem) {
            log_problem(name, problem);
            settle();  // a kind that is not installed may have been the last one missing
          }});
}

void ClusterSource::start(PolicySourceCallbacks callbacks) {
  callbacks_ = std::move(callbacks);
  for (const Watched& watched : policies_)
    watched.reflector->start();
  if (pod_reflector_) pod_reflector_->start();
}

std::optional<std::vector<crds::Source>> ClusterSource::read(config::Diagnostics& /*unused*/) {
  std::vector<crds::Source> sources;
  for (const Watched& watched : policies_) {
    for (const auto& object : watched.reflector->store().objects())
      sources.push_back(source_of(object, watched.type));
  }
  return sources;
}

PodClients ClusterSource::pods() const {
  std::vector<const kubernetes::Pod*> pods;
  for (const auto& [name, pod] : pods_)
    pods.push_back(&pod);
  const auto assigned = kubernetes::assign_addresses(pods);
  std::map<const kubernetes::Pod*, std::vector<filters::Address>> addresses;
  for (const auto& [address, pod] : assigned.owners)
    addresses[pod].push_back(address);
  PodClients clients{.pods = {}, .contested = assigned.contested};
  for (auto& [pod, own] : addresses)
    clients.pods.push_back({{pod->namespace_name, pod->labels}, std::move(own)});
  return clients;
}

std::vector<std::string> ClusterSource::missing() const {
  std::vector<std::string> missing;
  for (const Watched& watched : policies_)
    add_missing(watched.name, *watched.reflector, missing);
  if (pod_reflector_) add_missing("pods", *pod_reflector_, missing);
  return missing;
}

void ClusterSource::take_pods(const kubernetes::Changes& changes) {
  for (const auto& change : changes) {
    const std::pair key(change.object->namespace_name, change.object->name);
    if (change.kind == kubernetes::ChangeKind::deleted)
      pods_.erase(key);
    else
      pods_.insert_or_assign(key, kubernetes::read_pod(*change.object));
  }
  tell_soon(false);
}

void ClusterSource::tell_soon(bool are_policies) {
  (are_policies ? policies_changed_ : pods_changed_) = true;
  settle();
}

void ClusterSource::settle() {
  if (is_settling_) return;
  is_settling_ = true;
  settle_timer_.expires_after(settle_time);
  settle_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tell();
  });
}

/// Nothing before everything was seen once: with half of the policies, what the others forbid would
/// be allowed.
void ClusterSource::tell() {
  is_settling_ = false;
  if (!missing().empty()) return;
  const bool policies_changed = std::exchange(policies_changed_, false);
  const bool pods_changed = std::exchange(pods_changed_, false);
  if (policies_changed) {
    callbacks_.on_policies();
  } else if (pods_changed) {
    callbacks_.on_pods();
  }
}

}  // namespace sluice::proxy
