// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_reload.hpp"

#include <set>

#include <boost/json/array.hpp>

#include "kubernetes/policy_kinds.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {

namespace {

std::set<std::string> upstream_names(const config::Settings& settings) {
  std::set<std::string> names;
  for (const config::Upstream& upstream : settings.upstreams)
    names.insert(upstream.name);
  return names;
}

}  // namespace

PolicyReload::PolicyReload(const config::Settings& settings, StaticIdentities identities,
                           const Parts& parts, std::function<void()> on_lists_change)
    : settings_(settings),
      identities_(std::move(identities)),
      parts_(parts),
      lists_(parts.control, {.settings = settings.lists, .hash_seed = parts.hash_seed},
             parts.status, std::move(on_lists_change)) {}

std::optional<PolicyReload::Result> PolicyReload::load(config::Diagnostics& diagnostics) {
  const auto sources = parts_.source.read(diagnostics);
  if (!sources) {
    parts_.status.policy_failed();
    return std::nullopt;
  }
  auto result = loader_.load(
      *sources,
      {.upstream_names = upstream_names(settings_),
       .warnings = parts_.source.is_local() ? crds::Warnings::all : crds::Warnings::none});
  diagnostics = std::move(result.diagnostics);
  policies_ = std::move(result.policies);
  lists_.update(policies_.lists, diagnostics);
  wrong_.clear();
  for (const auto& problem : diagnostics) {
    if (problem.severity == config::Severity::error) wrong_.insert(problem.file);
  }
  loaded_ = PolicyLoad{.generation = ++generation_,
                       .objects = result.object_count,
                       .invalid_objects = result.invalid_count,
                       .time = std::chrono::system_clock::now()};
  return compile(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

PolicyReload::Result PolicyReload::compile(filters::WallTime now) {
  parts_.tenants.begin_generation();
  parts_.decisions.begin_generation();
  filters::CompilerOptions options = options_at(now);
  options.tiers = &tiers_;
  filters::Compiler compiler(policies_, std::move(options), parts_.decisions);
  static const PodClients nobody;
  PodRegistry* registry = parts_.source.pods();
  const PodClients& pods = registry == nullptr ? nobody : registry->clients();
  if (settings_.kubernetes) parts_.status.pods_changed({pods.pods, pods.contested.size()});
  Result result;
  result.clients = resolve_clients(identities_, pods,
                                   {compiler, parts_.tenants, parts_.upstreams, parts_.hash_seed});
  tiers_.forget_unused();
  result.upstreams = upstreams();
  result.next_change = compiler.next_change();
  return result;
}

filters::CompilerOptions PolicyReload::options_at(filters::WallTime now) const {
  return {.cluster_zones = identities_.zones(),
          .hash_seed = parts_.hash_seed,
          .now = now,
          .lists = lists_.sets()};
}

ExplainResult PolicyReload::explain(const ExplainRequest& request) const {
  const auto client = look_up(request.asker, parts_.source.pods(), identities_);
  if (!client) return client.error();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  auto report = proxy::explain(*client, request, {policies_, options_at(now)});
  const auto missing = parts_.source.missing();
  if (!missing.empty()) report["missing"] = boost::json::array(missing.begin(), missing.end());
  return report;
}

/// Those of sluice.yaml go before a DNSUpstream of the same name.
std::vector<NumberedUpstream> PolicyReload::upstreams() {
  std::vector<NumberedUpstream> upstreams;
  for (const config::Upstream& upstream : settings_.upstreams)
    upstreams.push_back({parts_.upstreams.assign(upstream.name), upstream});
  for (const filters::UpstreamSpec& spec : policies_.upstreams) {
    const std::uint16_t number = parts_.upstreams.assign(spec.name);
    if (number < settings_.upstreams.size()) continue;
    upstreams.push_back({number, to_settings(spec, settings_.ca_bundle_directory)});
  }
  return upstreams;
}

/// What is wrong everywhere, and filters that are not obeyed here because a list of theirs is not
/// there.
std::set<std::string> PolicyReload::refused() const {
  std::set<std::string> refused = wrong_;
  const filters::NameSets lists = lists_.sets();
  for (const filters::Filter& filter : policies_.filters) {
    if (filters::lacks_list(filter, lists))
      refused.insert(kubernetes::source_path(crds::key_of(filter)));
  }
  return refused;
}

void PolicyReload::commit() {
  parts_.tenants.commit_generation();
  parts_.decisions.commit_generation();
  parts_.source.take_in_force(refused());
  if (!loaded_) return;  // told together with the one before
  parts_.status.policy_loaded(*loaded_);
  log::info("policies in force", {{"generation", loaded_->generation},
                                  {"objects", loaded_->objects},
                                  {"invalidObjects", loaded_->invalid_objects}});
  loaded_.reset();
}

}  // namespace sluice::proxy
