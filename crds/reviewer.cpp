// SPDX-License-Identifier: Apache-2.0
#include "crds/reviewer.hpp"

#include <set>
#include <utility>

#include "crds/priority_ties.hpp"
#include "crds/tenant_claims.hpp"

namespace sluice::crds {
namespace {

using filters::Filter;

Candidate make_candidate(const Manifest& manifest) {
  return {.origin = manifest.origin,
          .stated = manifest.policy,
          .last_good = manifest.policy,
          .broken = manifest.broken,
          .in_force = nullptr,
          .is_wrong = manifest.policy == nullptr};
}

/// Ties with filters that come after it by name: the linker tells those.
void warn_of_later_ties(const Candidates& candidates, const Manifest& reviewed,
                        config::Diagnostics& diagnostics) {
  const auto* filter = std::get_if<Filter>(reviewed.policy.get());
  if (filter == nullptr) return;
  std::vector<const Filter*> filters;
  for (const auto& [key, candidate] : candidates) {
    const auto* other =
        candidate.in_force ? std::get_if<Filter>(candidate.in_force.get()) : nullptr;
    if (other != nullptr) filters.push_back(other);
  }
  for (const PriorityTie& tie : find_priority_ties(filters)) {
    if (tie.first != filter) continue;
    auto warning = reviewed.origin->warning(rule_path(tie.first_rule), message_to_first(tie));
    warning.reason = "PriorityTie";
    diagnostics.push_back(std::move(warning));
    return;
  }
}

/// Of the filters of others that have no place among `candidates`.
std::set<std::string> quota_problems(Candidates candidates) {
  config::Diagnostics linked;
  link(candidates, {}, {}, linked);
  std::set<std::string> problems;
  for (auto& problem : linked) {
    if (problem.reason == "QuotaExceeded") problems.insert(std::move(problem.message));
  }
  return problems;
}

/// A list that grows may leave no room for a filter that refers to it. Nothing is said of tenants
/// that have too much anyway.
void add_quota_problems(const Candidates& before, const Candidate& list, const Manifest& reviewed,
                        config::Diagnostics& diagnostics) {
  const auto known = quota_problems(before);
  Candidates after = before;
  after.insert_or_assign(reviewed.key, list);
  for (const std::string& message : quota_problems(std::move(after))) {
    if (known.contains(message)) continue;
    auto problem = reviewed.origin->problem("spec.entries", message);
    problem.reason = "QuotaExceeded";
    diagnostics.push_back(std::move(problem));
  }
}

}  // namespace

void Reviewer::update(const Sources& sources) {
  ++round_;
  bool is_changed = false;
  for (const Source& source : sources) {
    auto [known, is_new] = known_.try_emplace(source.path);
    Known& entry = known->second;
    entry.round = round_;
    if (!is_new && entry.text == source.text) continue;
    forget(entry);
    entry.text = source.text;
    entry.manifests = read_manifests(source, Warnings::none).manifests;
    for (const Manifest& manifest : entry.manifests) {
      objects_[manifest.key] = &manifest;
    }
    is_changed = true;
  }
  for (auto known = known_.begin(); known != known_.end();) {
    const bool is_gone = known->second.round != round_;
    if (is_gone) forget(known->second);
    is_changed |= is_gone;
    known = is_gone ? known_.erase(known) : std::next(known);
  }
  if (is_changed) assign_namespaces();
}

void Reviewer::forget(const Known& known) {
  for (const Manifest& manifest : known.manifests) {
    const auto found = objects_.find(manifest.key);
    if (found != objects_.end() && found->second == &manifest) objects_.erase(found);
  }
}

void Reviewer::assign_namespaces() {
  std::vector<const filters::Tenant*> tenants;
  std::map<std::string, const filters::Labels*> labels;
  static const filters::Labels no_labels;
  for (const auto& [key, manifest] : objects_) {
    if (!key.namespace_name.empty()) labels.emplace(key.namespace_name, &no_labels);
    if (!manifest->policy) continue;
    if (const auto* tenant = std::get_if<filters::Tenant>(manifest->policy.get()))
      tenants.push_back(tenant);
    if (const auto* found = std::get_if<filters::Namespace>(manifest->policy.get()))
      labels[found->name] = &found->labels;
  }
  owners_.clear();
  namespaces_.clear();
  const TenantClaims claims(std::move(tenants));
  for (const auto& [name, its_labels] : labels) {
    const auto claimants = claims.claimants(name, *its_labels);
    owners_[name] = claimants.empty() ? "" : claimants.front()->name;
    if (!claimants.empty()) namespaces_[claimants.front()->name].push_back(name);
  }
}

void Reviewer::add_kind(const char* kind, const std::string& namespace_name,
                        Candidates& candidates) const {
  for (auto object = objects_.lower_bound({kind, namespace_name, ""});
       object != objects_.end() && object->first.kind == kind &&
       object->first.namespace_name == namespace_name;
       ++object) {
    candidates.emplace(object->first, make_candidate(*object->second));
  }
}

void Reviewer::add_object(const ObjectKey& key, Candidates& candidates) const {
  const auto object = objects_.find(key);
  if (object != objects_.end()) candidates.emplace(key, make_candidate(*object->second));
}

/// A namespace without a DNSTenant is a tenant of its own. Of one that was not seen yet, only the
/// linker can tell whose it is.
void Reviewer::add_tenant_of(const std::string& namespace_name, Candidates& candidates) const {
  std::vector<std::string> members{namespace_name};
  const auto owner = owners_.find(namespace_name);
  if (owner == owners_.end()) {
    add_kind("DNSTenant", "", candidates);
  } else if (!owner->second.empty()) {
    members = namespaces_.at(owner->second);
    add_object({"DNSTenant", "", owner->second}, candidates);
  }
  for (const std::string& member : members) {
    add_object({"Namespace", "", member}, candidates);
    add_kind("DomainList", member, candidates);
    add_kind("DNSFilter", member, candidates);
  }
}

Candidates Reviewer::related_to(const ObjectKey& key) const {
  Candidates candidates;
  if (key.kind == "DNSFilter" || key.kind == "ClusterDNSFilter")
    add_kind("ClusterDomainList", "", candidates);
  if (key.kind == "DNSFilter" || key.kind == "DomainList")
    add_tenant_of(key.namespace_name, candidates);
  if (key.kind == "ClusterDNSFilter") add_kind("ClusterDNSFilter", "", candidates);
  if (key.kind == "DNSTenant") {
    add_kind("DNSTenant", "", candidates);
    add_kind("Namespace", "", candidates);
  }
  if (key.kind == "DNSTenant" || key.kind == "DNSFilter") add_kind("DNSUpstream", "", candidates);
  return candidates;
}

config::Diagnostics Reviewer::review(const Source& object) const {
  const ManifestFile file = read_manifests(object);
  config::Diagnostics diagnostics = file.diagnostics;
  if (file.manifests.empty() || !file.manifests.front().policy) return diagnostics;
  const Manifest& reviewed = file.manifests.front();
  Candidates candidates = related_to(reviewed.key);
  Candidate candidate = make_candidate(reviewed);
  const auto before = objects_.find(reviewed.key);
  candidate.last_good = before != objects_.end() ? before->second->policy : nullptr;
  if (reviewed.key.kind == "DomainList")
    add_quota_problems(candidates, candidate, reviewed, diagnostics);
  candidates.insert_or_assign(reviewed.key, std::move(candidate));
  config::Diagnostics linked;
  link(candidates, {}, {}, linked);
  for (auto& problem : linked) {
    if (problem.file == object.path) diagnostics.push_back(std::move(problem));
  }
  warn_of_later_ties(candidates, reviewed, diagnostics);
  return diagnostics;
}

}  // namespace sluice::crds
