// SPDX-License-Identifier: Apache-2.0
// The part of Kubernetes' structural schemas that our CRDs use, as data, and its meaning: defaults
// are filled in and everything that the API server would refuse is reported, so that manifests from
// a directory and objects from a cluster are held to one and the same text (crds/schema).
//
// Stricter than the API server in one thing: a field without a value (`domains:` with every line
// below commented out) is an error here, while a server takes it for absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "config/diagnostic.hpp"
#include "crds/field.hpp"

namespace sluice::crds {

/// One level of an openAPIV3Schema. Immutable once read; safe to use from any thread.
struct Schema {
  enum class Type : std::uint8_t { object, array, string, integer };

  Type type = Type::object;
  std::string title;  ///< what is expected, for messages: "a query type such as A"
  std::optional<std::string> default_value;               ///< a scalar; `{}` for an empty mapping
  std::optional<std::vector<std::string>> default_items;  ///< of an array of scalars

  std::map<std::string, std::unique_ptr<Schema>, std::less<>> properties;
  std::unique_ptr<Schema> additional_properties;
  std::vector<std::string> required;
  std::optional<std::size_t> max_properties;

  std::unique_ptr<Schema> items;
  std::optional<std::size_t> min_items, max_items;
  bool is_set = false;                ///< x-kubernetes-list-type: set
  std::vector<std::string> map_keys;  ///< x-kubernetes-list-map-keys: together unique

  std::vector<std::string> enumeration;
  std::vector<std::string> formats;    ///< `format`, or those of an `anyOf`: one must fit
  std::unique_ptr<const RE2> pattern;  ///< linear time, whatever the text
  std::optional<std::size_t> min_length, max_length;  ///< characters

  std::optional<std::int64_t> minimum, maximum;
};

/// Reads the schema of `spec` from the text of a CustomResourceDefinition. A keyword that is not
/// understood here is a problem: skipping it would let directory and cluster drift apart.
Schema read_spec_schema(std::string_view crd, config::Diagnostics& diagnostics);

/// What stands for a value that is not given; nothing when the schema has no default.
std::optional<config::Node> default_of(const Schema& schema);

/// Fills in the defaults and reports everything about `field` that the schema does not allow.
void apply_schema(const Schema& schema, const Field& field);

}  // namespace sluice::crds
