// SPDX-License-Identifier: Apache-2.0
#include "crds/metadata.hpp"

#include <algorithm>

#include <re2/re2.h>

#include "config/yaml.hpp"
#include "crds/hints.hpp"
#include "crds/selector_decoder.hpp"

namespace sluice::crds {
namespace {

const std::vector<std::string>& known_fields() {
  static const std::vector<std::string> names = {"annotations",
                                                 "creationTimestamp",
                                                 "deletionGracePeriodSeconds",
                                                 "deletionTimestamp",
                                                 "finalizers",
                                                 "generateName",
                                                 "generation",
                                                 "labels",
                                                 "managedFields",
                                                 "name",
                                                 "namespace",
                                                 "ownerReferences",
                                                 "resourceVersion",
                                                 "selfLink",
                                                 "uid"};
  return names;
}

bool matches(NameRule rule, const std::string& text) {
  static const RE2 label("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  static const RE2 subdomain("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  if (text.size() > 253) return false;  // RFC 1123, as Kubernetes reads it
  return RE2::FullMatch(text, rule == NameRule::label ? label : subdomain);
}

const char* expected(NameRule rule) {
  if (rule == NameRule::label)
    return "a name of lower-case letters, digits and '-', at most 63 characters";
  return "a name of lower-case letters, digits, '-' and '.', at most 253 characters";
}

bool check_name(const Field& field, NameRule rule) {
  if (!field.is_present()) {
    field.reject("missing; expected " + std::string(expected(rule)));
    return false;
  }
  const auto text = field.text();
  if (!text || !matches(rule, *text)) {
    const std::string hint = text ? hint_for("name", *text) : "put it in quotes";
    field.reject_value(expected(rule) + (hint.empty() ? "" : "; " + hint));
    return false;
  }
  if (rule == NameRule::subdomain || text->size() <= 63) return true;
  field.reject("`" + std::string(field.name()) + "` must be no more than 63 characters");
  return false;
}

bool check_namespace(const Field& field, Scope scope) {
  if (scope == Scope::namespaced) return check_name(field, NameRule::label);
  if (!field.is_defined()) return true;
  field.reject("must not be set: the kind is cluster-scoped");
  return false;
}

void reject_unknown_fields(const Field& metadata) {
  for (const auto& entry : metadata.entries()) {
    const auto& known = known_fields();
    if (std::find(known.begin(), known.end(), entry.name) != known.end()) continue;
    if (metadata.report().is_full()) return;
    const std::string nearest = config::nearest_word(entry.name, known);
    metadata.report().add(
        entry.line, entry.value.path(),
        "unknown field" + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
}

}  // namespace

Metadata decode_metadata(const Field& object, Scope scope, NameRule name_rule) {
  Metadata result;
  const Field metadata = object.child("metadata");
  if (!metadata.is_present() || !metadata.node().is_mapping()) {
    metadata.reject_value("a mapping with the object's name");
    return result;
  }
  reject_unknown_fields(metadata);
  const Field name = metadata.child("name");
  const Field namespace_name = metadata.child("namespace");
  const bool has_name = check_name(name, name_rule);
  const bool has_namespace = check_namespace(namespace_name, scope);
  result.is_identified = has_name && has_namespace;
  result.name = name.text().value_or("");
  result.namespace_name = namespace_name.text().value_or("");
  result.labels = decode_labels(metadata.child("labels"));
  return result;
}

}  // namespace sluice::crds
