// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/policy_kinds.hpp"

#include <algorithm>
#include <array>

#include "crds/group.hpp"
#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

struct PolicyKind {
  const char* kind;
  const char* plural;  ///< in URLs
};
constexpr std::array kinds = {
    PolicyKind{"DNSFilter", "dnsfilters"},   PolicyKind{"ClusterDNSFilter", "clusterdnsfilters"},
    PolicyKind{"DomainList", "domainlists"}, PolicyKind{"ClusterDomainList", "clusterdomainlists"},
    PolicyKind{"DNSTenant", "dnstenants"},   PolicyKind{"DNSUpstream", "dnsupstreams"},
};

std::string group_path() {
  return std::string("/apis/") + crds::api_version;
}

}  // namespace

bool is_policy_kind(const std::string& kind) {
  return std::ranges::find(kinds, kind, &PolicyKind::kind) != kinds.end();
}

std::vector<PolicyResource> policy_resources() {
  std::vector<PolicyResource> resources;
  for (const auto& [kind, plural] : kinds) {
    resources.push_back({.type = {crds::api_version, kind},
                         .resource = {.path = group_path() + '/' + plural},
                         .name = plural});
  }
  resources.push_back(
      {.type = {"v1", "Namespace"},
       .resource = {.path = "/api/v1/namespaces", .projection = Projection::metadata},
       .name = "namespaces"});
  return resources;
}

std::string object_path(const crds::ObjectKey& key) {
  const auto* found = std::ranges::find(kinds, key.kind, &PolicyKind::kind);
  if (found == kinds.end()) return {};
  const std::string scope = key.namespace_name.empty() ? "" : "/namespaces/" + key.namespace_name;
  return group_path() + scope + '/' + found->plural + '/' + key.name;
}

crds::ObjectKey key_of(const Object& object, const ObjectType& type) {
  return {type.kind, object.namespace_name, object.name};
}

std::string source_path(const crds::ObjectKey& key) {
  const std::string scope = key.namespace_name.empty() ? "" : key.namespace_name + '/';
  return key.kind + ' ' + scope + key.name;
}

std::string content_version(const Object& object) {
  if (object.generation == 0) return object.uid + '/' + object.resource_version;
  return object.uid + "/generation " + std::to_string(object.generation);
}

void drop_what_is_no_policy(boost::json::object& object) {
  keep_only(object, "metadata",
            {"namespace", "name", "uid", "resourceVersion", "generation", "labels"});
  object.erase("status");
}

crds::Source source_of(const ObjectPointer& object, const ObjectType& type) {
  return {.path = source_path(key_of(*object, type)),
          .text = content_version(*object),
          .tree = [object, type] { return to_tree(*object, type); }};
}

bool has_news(const Changes& changes) {
  return changes.empty() || std::ranges::any_of(changes, [](const Change& change) {
           return change.kind != ChangeKind::updated ||
                  content_version(*change.object) != content_version(*change.previous);
         });
}

}  // namespace sluice::kubernetes
