// SPDX-License-Identifier: Apache-2.0
// One source of manifests, mostly a file: which objects stand in it, and what they say.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/node.hpp"
#include "crds/places.hpp"
#include "filters/policy.hpp"
#include "filters/shared.hpp"

namespace sluice::crds {

struct Source {
  std::string path;  ///< for people: of a file, or what names the object
  std::string text;  ///< manifests in YAML; of an object that comes as a tree, its version
  /// Makes the tree of an object that is no text; asked for when the version is new.
  std::function<config::Node()> tree = {};
};

/// All sources that there are. The same pointer as last time means that nothing changed; another
/// one may say the same all the same.
using Sources = filters::Shared<Source>;

/// What makes two manifests the same object.
struct ObjectKey {
  std::string kind;
  std::string namespace_name;  ///< empty for cluster-scoped kinds
  std::string name;
  auto operator<=>(const ObjectKey&) const = default;
};

/// "DNSFilter 'shop/no-ads'".
std::string to_text(const ObjectKey& key);

ObjectKey key_of(const filters::Filter& filter);

using Policy = std::variant<filters::Filter, filters::Tenant, filters::Namespace,
                            filters::DomainList, filters::UpstreamSpec>;

/// Policies are shared, not copied, from one load to the next: a list may hold 20,000 names.
using PolicyPointer = std::shared_ptr<const Policy>;

struct Manifest {
  ObjectKey key;
  int line = 0;
  std::shared_ptr<const Origin> origin;
  PolicyPointer policy;  ///< null when something is wrong with the object
  /// Of a filter with which something is wrong: whom it is about, as far as that could be read; it
  /// has no rules.
  PolicyPointer broken;
};

/// What stands for a filter that is not in force and never was; null for any other kind.
PolicyPointer make_broken(const Policy& policy);

/// Which of the warnings somebody reads: looking for what may not be meant takes as long as all
/// else, and there may be thirty in a filter that is fine.
enum class Warnings : std::uint8_t {
  none,
  overrides,  ///< rules that do not decide what they seem to: a status tells of those
  all
};

struct ManifestFile {
  std::vector<Manifest> manifests;
  /// False when the file may declare more objects than could be told: it is no YAML, or it holds
  /// something without a kind or a name.
  bool is_complete = true;
  config::Diagnostics diagnostics;
};

/// Reads every object of the source and reports everything that is wrong, and what may not be meant
/// (lint.hpp) as far as it is wanted.
ManifestFile read_manifests(const Source& source, Warnings warnings = Warnings::all);

}  // namespace sluice::crds
