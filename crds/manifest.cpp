// SPDX-License-Identifier: Apache-2.0
#include "crds/manifest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "config/yaml.hpp"
#include "crds/cluster_dns_filter.hpp"
#include "crds/cluster_domain_list.hpp"
#include "crds/dns_filter.hpp"
#include "crds/dns_tenant.hpp"
#include "crds/dns_upstream.hpp"
#include "crds/domain_list.hpp"
#include "crds/group.hpp"
#include "crds/hints.hpp"
#include "crds/lint.hpp"
#include "crds/namespace.hpp"

namespace sluice::crds {
namespace {

struct Kind {
  std::string_view name;
  std::string_view api_version;
  Scope scope;
  NameRule name_rule;
  Policy (*decode)(const Field&, const Metadata&);
};

/// Makes a Policy of what the decoder of one kind returns.
template <auto decode>
Policy decode_as_policy(const Field& object, const Metadata& metadata) {
  return decode(object, metadata);
}

/// Every kind that is read.
constexpr std::array kinds = {
    Kind{"DNSFilter", api_version, Scope::namespaced, NameRule::subdomain,
         decode_as_policy<decode_dns_filter>},
    Kind{"ClusterDNSFilter", api_version, Scope::cluster, NameRule::subdomain,
         decode_as_policy<decode_cluster_dns_filter>},
    Kind{"DomainList", api_version, Scope::namespaced, NameRule::subdomain,
         decode_as_policy<decode_domain_list>},
    Kind{"ClusterDomainList", api_version, Scope::cluster, NameRule::subdomain,
         decode_as_policy<decode_cluster_domain_list>},
    Kind{"DNSTenant", api_version, Scope::cluster, NameRule::short_subdomain,
         decode_as_policy<decode_dns_tenant>},
    Kind{"DNSUpstream", api_version, Scope::cluster, NameRule::short_subdomain,
         decode_as_policy<decode_dns_upstream>},
    Kind{"Namespace", "v1", Scope::cluster, NameRule::label, decode_as_policy<decode_namespace>},
};

constexpr const char* kinds_read =
    "DNSFilter, ClusterDNSFilter, DomainList, ClusterDomainList, DNSTenant and DNSUpstream of "
    "sluice.dev/v1alpha1, and Namespace of v1";

const std::vector<std::string>& top_level_fields() {
  static const std::vector<std::string> names = {"apiVersion", "kind", "metadata", "spec",
                                                 "status"};
  return names;
}

void reject_unknown_kind(const Field& kind, const std::string& name) {
  std::vector<std::string> known;
  for (const Kind& k : kinds) {
    known.emplace_back(k.name);
  }
  const std::string nearest = config::nearest_word(name, known);
  kind.reject_value(std::string("a kind that is read here: ") + kinds_read +
                    (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

/// The kind of the object, if it is one of ours and of the right version.
const Kind* find_kind(const Field& object) {
  const Field kind = object.child("kind");
  const Field version = object.child("apiVersion");
  const auto name = kind.text();
  if (!name) {
    kind.reject_value(std::string("a kind that is read here: ") + kinds_read);
    return nullptr;
  }
  const auto* found =
      std::find_if(kinds.begin(), kinds.end(), [&name](const Kind& k) { return k.name == *name; });
  if (found == kinds.end()) {
    reject_unknown_kind(kind, *name);
    return nullptr;
  }
  if (version.text() == found->api_version) return found;
  version.reject_value(std::string(found->api_version) + " for the kind " + *name);
  return nullptr;
}

/// Our own kinds have nothing else; in a Namespace the rest is Kubernetes' own.
void reject_unknown_fields(const Field& object) {
  for (const auto& entry : object.entries()) {
    const auto& known = top_level_fields();
    if (std::find(known.begin(), known.end(), entry.name) != known.end()) continue;
    if (object.report().is_full()) return;
    // The commonest slip: a field of the spec with too little indentation.
    const std::string nearest = config::nearest_word(entry.name, known);
    object.report().add(
        entry.line, entry.value.path(),
        "unknown field; " + (nearest.empty() ? std::string("does it belong below spec?")
                                             : "did you mean '" + nearest + "'?"));
  }
}

/// As a reader meets them: what code checks is found after what the schema says. A multimap keeps
/// the order of those on one line.
void sort_by_line(config::Diagnostics& diagnostics) {
  std::multimap<int, config::Diagnostic> by_line;
  for (auto& problem : diagnostics) {
    by_line.emplace(problem.line, std::move(problem));
  }
  diagnostics.clear();
  for (auto& [line, problem] : by_line) {
    diagnostics.push_back(std::move(problem));
  }
}

class ManifestReader {
 public:
  ManifestReader(const std::string& path, ManifestFile& file, Warnings warnings)
      : file_(file), report_(path, file.diagnostics), warnings_(warnings) {}

  void read(config::Node& document) { read(Field(document, "", report_)); }

 private:
  /// Reads an object, or all objects of a List (what `kubectl get -o yaml` writes).
  void read(const Field& object) {
    report_.begin_object();
    if (!object.node().is_mapping()) {
      object.reject_value("an object with apiVersion, kind, metadata and spec");
      file_.is_complete = false;
    } else if (object.child("kind").text() == "List") {
      read_list(object);
    } else {
      read_object(object);
    }
  }

  void read_list(const Field& list) {
    const Field items = list.child("items");
    if (!items.is_present() || !items.node().is_list()) {
      items.reject_value("a list of objects");
      file_.is_complete = false;
    }
    for (const Field& item : items.items()) {
      read(item);
    }
  }

  void read_object(const Field& object) {
    const Kind* kind = find_kind(object);
    if (kind == nullptr) {
      file_.is_complete = false;
      return;
    }
    if (kind->api_version == api_version) reject_unknown_fields(object);
    const Metadata metadata = decode_metadata(object, kind->scope, kind->name_rule);
    Policy policy = kind->decode(object, metadata);
    if (!metadata.is_identified) {
      file_.is_complete = false;
      return;
    }
    Manifest& manifest = file_.manifests.emplace_back();
    manifest.key = {std::string(kind->name), metadata.namespace_name, metadata.name};
    manifest.line = object.line();
    manifest.origin =
        std::make_shared<const Origin>(Origin{report_.file(), object.path(), Places(object)});
    if (report_.object_is_wrong()) {
      manifest.broken = make_broken(policy);
      return;
    }
    const auto* filter = std::get_if<filters::Filter>(&policy);
    if (filter != nullptr) warn_of(*filter, *manifest.origin);
    manifest.policy = std::make_shared<const Policy>(std::move(policy));
  }

  void warn_of(const filters::Filter& filter, const Origin& origin) {
    if (warnings_ == Warnings::all) lint(filter, origin, file_.diagnostics);
    if (warnings_ == Warnings::overrides) lint_shadowing(filter, origin, file_.diagnostics);
  }

  ManifestFile& file_;
  Report report_;
  Warnings warnings_;
};

}  // namespace

std::string to_text(const ObjectKey& key) {
  const std::string prefix = key.namespace_name.empty() ? "" : key.namespace_name + '/';
  return key.kind + " '" + prefix + key.name + '\'';
}

ObjectKey key_of(const filters::Filter& filter) {
  const bool is_tenants = filter.tier == filters::Tier::tenant;
  return {is_tenants ? "DNSFilter" : "ClusterDNSFilter", filter.namespace_name, filter.name};
}

PolicyPointer make_broken(const Policy& policy) {
  const auto* filter = std::get_if<filters::Filter>(&policy);
  if (filter == nullptr) return nullptr;
  filters::Filter broken;
  broken.tier = filter->tier;
  broken.namespace_name = filter->namespace_name;
  broken.name = filter->name;
  broken.priority = filter->priority;
  broken.pod_selector = filter->pod_selector;
  broken.subject = filter->subject;
  broken.is_broken = true;
  return std::make_shared<const Policy>(std::move(broken));
}

ManifestFile read_manifests(const Source& source, Warnings warnings) {
  ManifestFile file;
  auto documents = source.tree ? std::vector{source.tree()}
                               : config::parse_yaml(source.text, source.path, file.diagnostics);
  if (!file.diagnostics.empty()) {
    for (auto& problem : file.diagnostics) {
      add_alias_hint(problem);
    }
    file.is_complete = false;
    return file;
  }
  ManifestReader reader(source.path, file, warnings);
  for (config::Node& document : documents) {
    reader.read(document);
  }
  sort_by_line(file.diagnostics);
  return file;
}

}  // namespace sluice::crds
