// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/status_report.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "crds/matcher_decoder.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/policy_kinds.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

/// Counts are int32 in the schema.
std::int64_t count(std::size_t number) {
  return static_cast<std::int64_t>(
      std::min<std::size_t>(number, std::numeric_limits<std::int32_t>::max()));
}

bool is_name(const json::value& entry) {
  if (!entry.is_string()) return false;
  const auto& text = entry.get_string();
  config::Node node = config::Node::string({text.data(), text.size()});
  config::Diagnostics ignored;
  crds::Report report("", ignored);
  return crds::decode_name(crds::Field(node, "", report)).has_value();
}

/// Diagnostics stop after some dozens.
std::size_t count_wrong_entries(const Object& object) {
  const json::object json = object.json();
  const json::object* spec = find_object(json, "spec");
  const json::value* entries = spec == nullptr ? nullptr : spec->if_contains("entries");
  if (entries == nullptr || !entries->is_array()) return 0;
  const auto& all = entries->get_array();
  return static_cast<std::size_t>(std::ranges::count_if(all, std::not_fn(is_name)));
}

}  // namespace

StatusReport::StatusReport(const crds::Loader::Result& loaded) {
  for (const config::Diagnostic& diagnostic : loaded.diagnostics)
    problems_[diagnostic.file].push_back(diagnostic);
  count_lists(loaded.policies);
  count_filters(loaded.policies);
  count_tenants(loaded.policies);
}

void StatusReport::count_lists(const filters::PolicySet& policies) {
  for (const filters::DomainList& list : policies.lists) {
    // What is in files and downloads only nodes know.
    if (!list.source) entries_[{list.key.namespace_name, list.key.name}] = list.entries.size();
  }
}

void StatusReport::count_filters(const filters::PolicySet& policies) {
  for (const filters::Filter& filter : policies.filters) {
    const filters::RuleTotals& totals = filter.rules.totals();
    std::size_t domains = totals.domains + totals.patterns;
    if (totals.has_lists) domains += entries_of_lists(filter);
    compiled_[{filter.namespace_name, filter.name}] = {{"ruleCount", count(filter.rules.size())},
                                                       {"domainCount", count(domains)}};
  }
}

std::size_t StatusReport::entries_of_lists(const filters::Filter& filter) const {
  std::size_t entries = 0;
  for (const filters::Rule& rule : filter.rules) {
    for (const filters::ListKey& list : rule.lists) {
      const auto found = entries_.find({list.namespace_name, list.name});
      if (found != entries_.end()) entries += found->second;
    }
  }
  return entries;
}

void StatusReport::count_tenants(const filters::PolicySet& policies) {
  const filters::Tenancy tenancy(policies.tenants, policies.namespaces);
  const auto counts_of = [&](const std::string& namespace_name) -> TenantCounts* {
    const auto identity = tenancy.identify(namespace_name);
    if (identity.definition == &tenancy.lone_namespace()) return nullptr;
    return &tenants_[identity.tenant];
  };
  for (const filters::Tenant& tenant : policies.tenants)
    tenants_[tenant.name];
  for (const std::string& name : tenancy.described()) {
    if (auto* counts = counts_of(name)) ++counts->namespaces;
  }
  for (const filters::Filter& filter : policies.filters) {
    if (filter.tier != filters::Tier::tenant) continue;
    if (auto* counts = counts_of(filter.namespace_name)) ++counts->filters;
  }
}

void StatusReport::add_entries(const Object& object, const config::Diagnostics& problems,
                               const Name& name, json::object& counts) const {
  const bool has_wrong_ones = std::ranges::any_of(problems, [](const config::Diagnostic& problem) {
    return problem.path.starts_with("spec.entries");
  });
  const auto found = entries_.find(name);
  if (found != entries_.end()) counts["entryCount"] = count(found->second);
  if (found == entries_.end() && !has_wrong_ones) return;
  counts["invalidEntryCount"] = count(has_wrong_ones ? count_wrong_entries(object) : 0);
}

ObjectStatus StatusReport::status_of(const crds::ObjectKey& key, const Object& object) const {
  static const config::Diagnostics none;
  const auto found = problems_.find(source_path(key));
  const config::Diagnostics& problems = found == problems_.end() ? none : found->second;
  const Name name{key.namespace_name, key.name};
  ObjectStatus status{.generation = generation_of(object),
                      .conditions = conditions_of(key.kind, problems),
                      .counts = {}};
  const auto compiled = compiled_.find(name);
  const bool is_filter = key.kind == "DNSFilter" || key.kind == "ClusterDNSFilter";
  if (is_filter && compiled != compiled_.end()) status.counts["compiled"] = compiled->second;
  const auto tenant = tenants_.find(key.name);
  if (key.kind == "DNSTenant" && tenant != tenants_.end()) {
    status.counts["namespaceCount"] = count(tenant->second.namespaces);
    status.counts["filterCount"] = count(tenant->second.filters);
  }
  if (key.kind == "DomainList" || key.kind == "ClusterDomainList")
    add_entries(object, problems, name, status.counts);
  return status;
}

}  // namespace sluice::kubernetes
