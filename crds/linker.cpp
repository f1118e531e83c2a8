// SPDX-License-Identifier: Apache-2.0
#include "crds/linker.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "crds/filter_linker.hpp"
#include "crds/priority_ties.hpp"
#include "crds/tenant_claims.hpp"

namespace sluice::crds {
namespace {

using filters::Filter;
using filters::Tenant;

/// Namespaces named in one message; the others are counted.
constexpr std::size_t max_namespaces_named = 5;

template <typename Kind>
const Kind* as(const PolicyPointer& policy) {
  return policy ? std::get_if<Kind>(policy.get()) : nullptr;
}

void append(config::Diagnostics& to, config::Diagnostics from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

bool is_list(const ObjectKey& key) {
  return key.kind == "DomainList" || key.kind == "ClusterDomainList";
}

ObjectKey key_of(const filters::ListKey& list) {
  const char* kind = list.namespace_name.empty() ? "ClusterDomainList" : "DomainList";
  return {kind, list.namespace_name, list.name};
}

/// The candidates of one kind: most are filters, and few steps are about those.
template <typename Map>
auto of_kind(Map& candidates, const std::string& kind) {
  const auto begin = candidates.lower_bound(ObjectKey{kind, "", ""});
  return std::ranges::subrange(begin, candidates.lower_bound(ObjectKey{kind + '\0', "", ""}));
}

constexpr std::array independent_kinds = {"ClusterDomainList", "DNSUpstream", "DomainList",
                                          "Namespace"};

/// Nothing of these depends on other objects.
void settle_independent(Candidates& candidates) {
  for (const char* kind : independent_kinds) {
    for (auto& [key, candidate] : of_kind(candidates, kind))
      candidate.in_force = candidate.stated ? candidate.stated : candidate.last_good;
  }
}

void add_candidate(const ObjectKey& key, const Candidate& candidate, Catalogue& catalogue) {
  if (key.kind == "DNSUpstream")
    (candidate.in_force ? catalogue.upstreams : catalogue.wrong_upstreams).insert(key.name);
  if (!is_list(key)) return;
  const filters::ListKey list{key.namespace_name, key.name};
  if (const auto* found = as<filters::DomainList>(candidate.in_force))
    catalogue.lists.emplace(list, found->entries.size());
  else
    catalogue.wrong_lists.insert(list);
}

Catalogue make_catalogue(const Candidates& candidates, const Policies& departed,
                         const Surroundings& surroundings) {
  Catalogue catalogue;
  for (const char* kind : independent_kinds) {
    for (const auto& [key, candidate] : of_kind(candidates, kind))
      add_candidate(key, candidate, catalogue);
  }
  for (const auto& [key, policy] : departed) {
    if (const auto* found = as<filters::DomainList>(policy))
      catalogue.departed_lists.emplace(found->key, found->entries.size());
    if (key.kind == "DNSUpstream") catalogue.departed_upstreams.insert(key.name);
  }
  if (surroundings.upstream_names) {
    catalogue.knows_all_upstreams = true;
    const auto& names = *surroundings.upstream_names;
    catalogue.upstreams.insert(names.begin(), names.end());
  }
  return catalogue;
}

/// Puts a version into force if its references allow that.
Resolved try_tenant(Candidate& candidate, const PolicyPointer& policy, const Catalogue& catalogue,
                    std::set<ObjectKey>& relied_on) {
  const auto* tenant = as<Tenant>(policy);
  if (tenant == nullptr) return {};
  auto resolved = resolve(*tenant, as<Tenant>(candidate.last_good), catalogue, *candidate.origin);
  if (!resolved.errors.empty()) return resolved;
  candidate.in_force = policy;
  for (const auto& name : resolved.departed_upstreams) {
    relied_on.insert({"DNSUpstream", "", name});
  }
  return resolved;
}

void link_tenant(Candidate& candidate, const Catalogue& catalogue, std::set<ObjectKey>& relied_on,
                 config::Diagnostics& diagnostics) {
  auto resolved = try_tenant(candidate, candidate.stated, catalogue, relied_on);
  candidate.is_wrong |= !resolved.errors.empty() || !resolved.notes.empty();
  append(diagnostics, std::move(resolved.errors));
  append(diagnostics, std::move(resolved.notes));
  // Nobody reads of problems with an old version.
  if (!candidate.in_force) try_tenant(candidate, candidate.last_good, catalogue, relied_on);
}

using NamespaceLabels = std::map<std::string, const filters::Labels*>;

/// Every namespace that anything is known of.
NamespaceLabels collect_namespaces(const Candidates& candidates) {
  static const filters::Labels no_labels;
  NamespaceLabels namespaces;
  for (const char* kind : {"DNSFilter", "DomainList"}) {
    auto at = candidates.lower_bound({kind, "", ""});
    while (at != candidates.end() && at->first.kind == kind) {
      const std::string& name = at->first.namespace_name;
      namespaces.emplace(name, &no_labels);
      at = candidates.lower_bound({kind, name + '\0', ""});
    }
  }
  for (const auto& [key, candidate] : of_kind(candidates, "Namespace")) {
    if (const auto* found = as<filters::Namespace>(candidate.in_force))
      namespaces[found->name] = &found->labels;
  }
  return namespaces;
}

std::string text_of(const std::vector<std::string>& namespaces) {
  std::string text;
  for (std::size_t i = 0; i < std::min(namespaces.size(), max_namespaces_named); ++i) {
    text += (text.empty() ? "'" : ", '") + namespaces[i] + '\'';
  }
  if (namespaces.size() <= max_namespaces_named) return text;
  return text + " and " + std::to_string(namespaces.size() - max_namespaces_named) + " more";
}

/// Tells the losers of every namespace that several tenants claim; returns the winners.
std::map<std::string, const Tenant*> assign_namespaces(Candidates& candidates,
                                                       config::Diagnostics& diagnostics) {
  std::vector<const Tenant*> tenants;
  for (const auto& [key, candidate] : of_kind(candidates, "DNSTenant")) {
    if (const auto* tenant = as<Tenant>(candidate.in_force)) tenants.push_back(tenant);
  }
  const TenantClaims claims(std::move(tenants));
  std::map<std::string, const Tenant*> owners;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> lost;
  for (const auto& [name, labels] : collect_namespaces(candidates)) {
    const auto claimants = claims.claimants(name, *labels);
    owners[name] = claimants.empty() ? nullptr : claimants.front();
    for (std::size_t i = 1; i < claimants.size(); ++i) {
      lost[{claimants[i]->name, claimants.front()->name}].push_back(name);
    }
  }
  for (const auto& [names, namespaces] : lost) {
    Candidate& loser = candidates.at({"DNSTenant", "", names.first});
    auto problem = loser.origin->problem(
        "spec.namespaceSelector",
        "selects " + text_of(namespaces) + ", which DNSTenant '" + names.second +
            "' has, being first in the alphabet; select others, or leave them to one of the two");
    problem.reason = "Conflicted";
    diagnostics.push_back(std::move(problem));
    loser.is_wrong = true;
  }
  return owners;
}

void warn_of_ties(const Candidates& candidates, config::Diagnostics& diagnostics) {
  std::vector<const Filter*> filters;
  for (const auto& [key, candidate] : candidates) {
    if (const auto* filter = as<Filter>(candidate.in_force)) filters.push_back(filter);
  }
  for (const PriorityTie& tie : find_priority_ties(filters)) {
    const Candidate& candidate = candidates.at(crds::key_of(*tie.second));
    if (candidate.in_force != candidate.stated) continue;  // the places are of another version
    auto warning = candidate.origin->warning(rule_path(tie.second_rule), message_to_second(tie));
    warning.reason = "PriorityTie";
    diagnostics.push_back(std::move(warning));
  }
}

}  // namespace

Policies link(Candidates& candidates, const Policies& departed, const Surroundings& surroundings,
              config::Diagnostics& diagnostics) {
  settle_independent(candidates);
  const Catalogue catalogue = make_catalogue(candidates, departed, surroundings);
  std::set<ObjectKey> relied_on;
  for (auto& [key, candidate] : of_kind(candidates, "DNSTenant"))
    link_tenant(candidate, catalogue, relied_on, diagnostics);
  FilterLinker filters(catalogue, assign_namespaces(candidates, diagnostics), diagnostics);
  for (const char* kind : {"ClusterDNSFilter", "DNSFilter"}) {
    for (auto& [key, candidate] : of_kind(candidates, kind))
      filters.add(key, candidate);
  }
  for (const auto& list : filters.settle()) {
    relied_on.insert(key_of(list));
  }
  if (surroundings.warnings != Warnings::none) warn_of_ties(candidates, diagnostics);

  Policies kept;
  for (const ObjectKey& key : relied_on) {
    kept.emplace(key, departed.at(key));
  }
  return kept;
}

}  // namespace sluice::crds
