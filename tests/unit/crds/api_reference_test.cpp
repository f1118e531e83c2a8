// SPDX-License-Identifier: Apache-2.0
// docs/api-reference.md, made from the CRDs so that it cannot fall behind.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <yaml-cpp/yaml.h>

#include "crds/schemas.hpp"

namespace sluice::crds {
namespace {

const std::string path = SLUICE_SOURCE_DIR "/docs/api-reference.md";

constexpr const char* introduction =
    R"(<!-- Generated from crds/schema; a test says how to make it anew. Do not edit. -->
# Reference of the API

Every field of every kind of `sluice.dev/v1alpha1`, as the CRDs in `crds/schema` describe it. How filters are written
is told in [policies.md](policies.md); here is what each field may hold. A field that is not listed is refused.

Beside these limits there are rules on several fields together, listed below each kind in the words in which a wrong
object is refused. Times are whole numbers of the unit that the field's name ends with.
)";

/// A cell of a table must not end early.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, "\\");
  }
  return text;
}

std::string join(const YAML::Node& list, const std::string& separator) {
  std::string text;
  for (const YAML::Node& item : list) {
    text += (text.empty() ? "`" : separator + "`") + item.Scalar() + '`';
  }
  return text;
}

std::string type_of(const YAML::Node& schema) {
  const auto type = schema["type"].as<std::string>();
  if (type == "array") return "list of " + type_of(schema["items"]);
  if (schema["additionalProperties"])
    return "mapping to " + type_of(schema["additionalProperties"]);
  if (schema["enum"]) return "word";
  return type;
}

std::string default_of(const YAML::Node& schema) {
  const YAML::Node value = schema["default"];
  if (!value) return "";
  if (value.IsSequence()) return join(value, ", ");
  if (value.IsMap()) return value.size() == 0 ? "`{}`" : "`Unknown`, `Pending`";
  return '`' + value.Scalar() + '`';
}

void add(std::string& text, const std::string& part) {
  text += (text.empty() ? "" : "; ") + part;
}

std::string limits_of(const YAML::Node& schema) {
  std::string text;
  if (schema["enum"]) add(text, join(schema["enum"], ", "));
  if (schema["minimum"] && schema["maximum"])
    add(text, schema["minimum"].Scalar() + " to " + schema["maximum"].Scalar());
  if (schema["maxLength"]) add(text, "at most " + schema["maxLength"].Scalar() + " characters");
  if (schema["title"]) add(text, schema["title"].Scalar());
  if (schema["maxItems"]) {
    const YAML::Node least = schema["minItems"];
    add(text,
        (least ? least.Scalar() + " to " : "at most ") + schema["maxItems"].Scalar() + " items");
  }
  if (schema["x-kubernetes-list-type"] && schema["x-kubernetes-list-type"].Scalar() == "set")
    add(text, "each once");
  if (schema["maxProperties"])
    add(text, "at most " + schema["maxProperties"].Scalar() + " entries");
  for (const char* inner : {"items", "additionalProperties"}) {
    if (const YAML::Node schema_inside = schema[inner]) {
      const std::string limits = limits_of(schema_inside);
      if (!limits.empty()) add(text, "each: " + limits);
    }
  }
  return text;
}

bool is_required(const YAML::Node& object, const std::string& name) {
  for (const YAML::Node& required : object["required"]) {
    if (required.Scalar() == name) return true;
  }
  return false;
}

/// The fields of an object and of everything in it, a row each.
void add_rows(const YAML::Node& object, const std::string& prefix, std::string& text) {
  for (const auto& property : object["properties"]) {
    const auto name = property.first.as<std::string>();
    const YAML::Node schema = property.second;
    const std::string value = is_required(object, name) ? "required" : default_of(schema);
    const bool is_list = schema["type"].Scalar() == "array";
    const std::string field = prefix + name + (is_list ? "[]" : "");
    text += "| `" + field + "` | " + type_of(schema) + " | " + value + " | " +
            cell(limits_of(schema)) + " | " + cell(schema["description"].Scalar()) + " |\n";
    add_rows(is_list ? schema["items"] : schema, field + '.', text);
  }
}

void add_rules(const YAML::Node& schema, const std::string& prefix, std::string& text) {
  for (const YAML::Node& rule : schema["x-kubernetes-validations"]) {
    text += "* `" + prefix + "`: " + rule["message"].Scalar() + "\n";
  }
  if (const YAML::Node items = schema["items"]) add_rules(items, prefix + "[]", text);
  for (const auto& property : schema["properties"]) {
    const auto name = property.first.as<std::string>();
    add_rules(property.second, prefix.empty() ? name : prefix + '.' + name, text);
  }
}

std::string columns_of(const YAML::Node& version) {
  std::string text;
  for (const YAML::Node& column : version["additionalPrinterColumns"]) {
    text += (text.empty() ? "" : ", ") + column["name"].Scalar() +
            (column["priority"] ? " (with `-o wide`)" : "");
  }
  return text;
}

std::string section_of(const EmbeddedCrd& crd) {
  const YAML::Node spec = YAML::Load(std::string(crd.text))["spec"];
  const YAML::Node version = spec["versions"][0];
  const YAML::Node root = version["schema"]["openAPIV3Schema"];
  const YAML::Node names = spec["names"];
  std::string text = "\n## " + std::string(crd.kind) + "\n\n" + root["description"].Scalar() +
                     "\n\n" + spec["scope"].Scalar() + "; `kubectl get " +
                     names["plural"].Scalar() + "`, short `" + names["shortNames"][0].Scalar() +
                     "`, or with all kinds of Sluice `kubectl get sluice`. Shown are " +
                     columns_of(version) + ".\n";
  for (const char* part : {"spec", "status"}) {
    text += "\n| field | type | default | may hold | meaning |\n|---|---|---|---|---|\n";
    add_rows(root["properties"][part], std::string(part) + '.', text);
  }
  std::string rules;
  add_rules(root, "", rules);
  return text + (rules.empty() ? "" : "\nRules on several fields:\n\n" + rules);
}

std::string reference() {
  std::string text = introduction;
  for (const EmbeddedCrd& crd : embedded_crds()) {
    text += section_of(crd);
  }
  return text;
}

std::string read(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("docs/api-reference.md is what the CRDs say", "[crds][reference]") {
  if (std::getenv("SLUICE_UPDATE_DOCS") != nullptr) std::ofstream(path) << reference();
  INFO("to write it anew: SLUICE_UPDATE_DOCS=1 crds_tests '[reference]'");
  CHECK(read(path) == reference());
}

}  // namespace sluice::crds
