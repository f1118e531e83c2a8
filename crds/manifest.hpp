// SPDX-License-Identifier: Apache-2.0
// One file of manifests: which objects stand in it, and what they say.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/diagnostic.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

struct SourceFile {
  std::string path;
  std::string text;
};

/// What makes two manifests the same object.
struct ObjectKey {
  std::string kind;
  std::string namespace_name;  ///< empty for cluster-scoped kinds
  std::string name;
  auto operator<=>(const ObjectKey&) const = default;
};

/// "DNSFilter 'shop/no-ads'".
std::string to_text(const ObjectKey& key);

using Policy = std::variant<filters::Filter, filters::Tenant, filters::Namespace>;

struct Manifest {
  ObjectKey key;
  int line = 0;
  std::optional<Policy> policy;  ///< nothing when something is wrong with the object
};

struct ManifestFile {
  std::vector<Manifest> manifests;
  /// False when the file may declare more objects than could be told: it is no YAML, or it holds
  /// something without a kind or a name.
  bool is_complete = true;
  config::Diagnostics diagnostics;
};

/// Reads every object of the file and reports everything that is wrong.
ManifestFile read_manifests(const SourceFile& file);

}  // namespace sluice::crds
