// SPDX-License-Identifier: Apache-2.0
#include "crds/references.hpp"

#include <algorithm>

namespace sluice::crds {
namespace {

constexpr const char* stays = "; what it held last stays in force for as long as this refers to it";

std::string text_of(const filters::ListKey& key) {
  if (key.namespace_name.empty()) return "ClusterDomainList '" + key.name + '\'';
  return "DomainList '" + key.namespace_name + '/' + key.name + '\'';
}

config::Diagnostic with_reason(config::Diagnostic diagnostic, const char* reason) {
  diagnostic.reason = reason;
  return diagnostic;
}

bool refers_to(const filters::Filter* filter, const filters::ListKey& key) {
  return filter != nullptr && std::ranges::any_of(filter->rules, [&key](const filters::Rule& rule) {
           return std::ranges::find(rule.lists, key) != rule.lists.end();
         });
}

bool refers_to(const filters::Tenant* tenant, const std::string& upstream) {
  if (tenant == nullptr) return false;
  const auto& resolution = tenant->resolution;
  return resolution.upstream_name == upstream ||
         std::ranges::find(resolution.zones, upstream, &filters::ZoneUpstream::upstream_name) !=
             resolution.zones.end();
}

class Resolver {
 public:
  Resolver(const Catalogue& catalogue, const Origin& origin)
      : catalogue_(catalogue), origin_(origin) {}

  void list(const filters::ListKey& key, const std::string& path, const filters::Filter* before) {
    if (catalogue_.lists.contains(key)) return;
    const std::string name = text_of(key);
    if (catalogue_.wrong_lists.contains(key)) {
      result_.errors.push_back(with_reason(
          origin_.problem(path, name + " is wrong itself; mend it first"), "DomainListInvalid"));
    } else if (catalogue_.departed_lists.contains(key) && refers_to(before, key)) {
      result_.departed_lists.insert(key);
      result_.notes.push_back(with_reason(
          origin_.problem(path, name + " is not there any more" + stays), "DomainListNotFound"));
    } else {
      result_.errors.push_back(with_reason(
          origin_.problem(path, "there is no " + name + "; create it, or correct the name" +
                                    other_kind_hint(key)),
          "DomainListNotFound"));
    }
  }

  void upstream(const std::string& name, const std::string& path, const filters::Tenant* before) {
    if (name.empty() || catalogue_.upstreams.contains(name)) return;
    if (catalogue_.departed_upstreams.contains(name) && refers_to(before, name)) {
      result_.departed_upstreams.insert(name);
      result_.notes.push_back(with_reason(
          origin_.problem(path, "DNSUpstream '" + name + "' is not there any more" + stays),
          "UpstreamNotFound"));
      return;
    }
    const bool is_wrong = catalogue_.wrong_upstreams.contains(name);
    if (!is_wrong && !catalogue_.knows_all_upstreams) return;
    const std::string message =
        is_wrong ? "DNSUpstream '" + name + "' is wrong itself; mend it first"
                 : "there is no upstream '" + name +
                       "'; create a DNSUpstream of that name, or define it in sluice.yaml";
    result_.errors.push_back(with_reason(origin_.problem(path, message), "UpstreamNotFound"));
  }

  Resolved take() { return std::move(result_); }

 private:
  /// The commonest slip: `kind` was left out.
  [[nodiscard]] std::string other_kind_hint(const filters::ListKey& key) const {
    const bool is_cluster_list =
        !key.namespace_name.empty() && catalogue_.lists.contains({"", key.name});
    return is_cluster_list ? ", or set `kind: ClusterDomainList`" : "";
  }

  const Catalogue& catalogue_;
  const Origin& origin_;
  Resolved result_;
};

}  // namespace

Resolved resolve(const filters::Filter& filter, const filters::Filter* before,
                 const Catalogue& catalogue, const Origin& origin) {
  if (!filter.rules.totals().has_lists) return {};
  Resolver resolver(catalogue, origin);
  for (std::size_t i = 0; i < filter.rules.size(); ++i) {
    const auto& lists = filter.rules[i].lists;
    for (std::size_t j = 0; j < lists.size(); ++j) {
      resolver.list(lists[j], rule_path(i) + ".domainListRefs[" + std::to_string(j) + "].name",
                    before);
    }
  }
  return resolver.take();
}

Resolved resolve(const filters::Tenant& tenant, const filters::Tenant* before,
                 const Catalogue& catalogue, const Origin& origin) {
  Resolver resolver(catalogue, origin);
  const auto& resolution = tenant.resolution;
  resolver.upstream(resolution.upstream_name, "spec.resolution.upstreamName", before);
  for (std::size_t i = 0; i < resolution.zones.size(); ++i) {
    resolver.upstream(resolution.zones[i].upstream_name,
                      "spec.resolution.zones[" + std::to_string(i) + "].upstreamName", before);
  }
  return resolver.take();
}

}  // namespace sluice::crds
