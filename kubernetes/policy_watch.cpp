// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/policy_watch.hpp"

#include <utility>

namespace sluice::kubernetes {
namespace {

bool is_missing_kind(const SyncState& state) {
  return state.problem && state.problem->failure.kind == FailureKind::status &&
         state.problem->failure.status.code == 404;
}

}  // namespace

std::optional<std::string> what_is_missing(const std::string& name, const Reflector& reflector) {
  const SyncState& state = reflector.state();
  if (state.is_synced || is_missing_kind(state)) return std::nullopt;
  return name + " of the API server were not seen yet" +
         (state.problem ? ": " + state.problem->failure.text : "");
}

PolicyWatch::PolicyWatch(const boost::asio::any_io_executor& executor, Credentials& credentials,
                         const PolicyWatchSettings& settings, PolicyWatchCallbacks callbacks)
    : callbacks_(std::move(callbacks)) {
  for (PolicyResource& resource : policy_resources())
    watch(executor, credentials, settings, std::move(resource));
}

void PolicyWatch::watch(const boost::asio::any_io_executor& executor, Credentials& credentials,
                        const PolicyWatchSettings& settings, PolicyResource resource) {
  resource.resource.trim = settings.trim;
  ReflectorSettings reflected{.list_watch = {.resource = resource.resource},
                              .connection = settings.connection};
  auto reflector = std::make_unique<Reflector>(
      executor, credentials, std::move(reflected),
      ReflectorCallbacks{
          .on_changes =
              [this, type = resource.type](const Changes& changes) {
                sources_.apply(type, changes);
                callbacks_.on_changes(type, changes);
              },
          .on_problem = [this, name = resource.name](
                            const Problem& problem) { callbacks_.on_problem(name, problem); }});
  watched_.push_back({std::move(resource), std::move(reflector)});
}

void PolicyWatch::start() {
  for (const Watched& watched : watched_)
    watched.reflector->start();
}

crds::Sources PolicyWatch::sources() const {
  return sources_.all();
}

std::map<std::string, std::vector<ObjectPointer>> PolicyWatch::objects() const {
  std::map<std::string, std::vector<ObjectPointer>> objects;
  for (const auto& [resource, reflector] : watched_) {
    const auto& all = reflector->store().objects();
    objects[resource.type.kind].assign(all.begin(), all.end());
  }
  return objects;
}

std::vector<std::string> PolicyWatch::missing() const {
  std::vector<std::string> missing;
  for (const auto& [resource, reflector] : watched_) {
    if (auto text = what_is_missing(resource.name, *reflector)) missing.push_back(*std::move(text));
  }
  return missing;
}

std::map<std::string, WatchReport> PolicyWatch::reports() const {
  std::map<std::string, WatchReport> reports;
  for (const auto& [resource, reflector] : watched_)
    reports.emplace(resource.name, reflector->report());
  return reports;
}

ObjectPointer PolicyWatch::find(const crds::ObjectKey& key) const {
  for (const auto& [resource, reflector] : watched_) {
    if (resource.type.kind == key.kind)
      return reflector->store().find(key.namespace_name, key.name);
  }
  return nullptr;
}

std::vector<crds::ObjectKey> PolicyWatch::policies() const {
  std::vector<crds::ObjectKey> keys;
  for (const auto& [resource, reflector] : watched_) {
    if (!is_policy_kind(resource.type.kind)) continue;
    for (const auto& object : reflector->store().objects())
      keys.push_back(key_of(*object, resource.type));
  }
  return keys;
}

}  // namespace sluice::kubernetes
