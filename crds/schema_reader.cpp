// SPDX-License-Identifier: Apache-2.0
// Reads openAPIV3Schema texts. They are our own, so a mistake in one is found by a test.
#include <array>
#include <charconv>

#include "config/yaml.hpp"
#include "crds/structural_schema.hpp"

namespace sluice::crds {
namespace {

constexpr const char* crd_name = "CustomResourceDefinition";

std::unique_ptr<Schema> read_schema(const Field& field);

template <typename Integer>
std::optional<Integer> read_number(const Field& field) {
  const auto value = field.integer();
  if (!value) field.reject_value("an integer");
  return value ? std::optional(static_cast<Integer>(*value)) : std::nullopt;
}

std::vector<std::string> read_texts(const Field& list) {
  std::vector<std::string> texts;
  for (const Field& item : list.items()) {
    texts.push_back(item.node().text());
  }
  return texts;
}

void read_type(const Field& field, Schema& schema) {
  const std::string& type = field.node().text();
  if (type == "object") {
    schema.type = Schema::Type::object;
  } else if (type == "array") {
    schema.type = Schema::Type::array;
  } else if (type == "string") {
    schema.type = Schema::Type::string;
  } else if (type == "integer") {
    schema.type = Schema::Type::integer;
  } else {
    field.reject_value("object, array, string or integer");
  }
}

void read_default(const Field& field, Schema& schema) {
  if (field.node().is_list()) {
    schema.default_items = read_texts(field);
    return;
  }
  schema.default_value = field.node().is_mapping() ? "{}" : field.node().text();
  if (field.node().is_mapping() && field.node().size() > 0) field.reject_value("a scalar or {}");
}

void read_properties(const Field& field, Schema& schema) {
  for (const auto& property : field.entries()) {
    schema.properties.emplace(property.name, read_schema(property.value));
  }
}

void read_pattern(const Field& field, Schema& schema) {
  schema.pattern = std::make_unique<const RE2>(field.node().text(), RE2::Quiet);
  if (!schema.pattern->ok()) field.reject(schema.pattern->error());
}

void read_format(const Field& field, Schema& schema) {
  const std::string& format = field.node().text();
  if (format == "ipv4" || format == "ipv6" || format == "cidr") {
    schema.formats.push_back(format);
  } else if (format != "int32") {  // which minimum and maximum, required of us, say more closely
    field.reject_value("ipv4, ipv6, cidr or int32");
  }
}

void read_any_of(const Field& field, Schema& schema) {
  for (const Field& alternative : field.items()) {
    for (const auto& entry : alternative.entries()) {
      if (entry.name != "format") entry.value.reject("only `format` is understood in anyOf");
      read_format(entry.value, schema);
    }
  }
}

void read_list_type(const Field& field, Schema& schema) {
  const std::string& type = field.node().text();
  schema.is_set = type == "set";
  if (!schema.is_set && type != "atomic" && type != "map") field.reject_value("atomic, set or map");
}

struct Keyword {
  std::string_view name;
  void (*read)(const Field&, Schema&);
};

constexpr std::array keywords = {
    Keyword{"type", read_type},
    Keyword{"title", [](const Field& f, Schema& s) { s.title = f.node().text(); }},
    Keyword{"description", [](const Field&, Schema&) {}},
    Keyword{"default", read_default},
    Keyword{"properties", read_properties},
    Keyword{"additionalProperties",
            [](const Field& f, Schema& s) { s.additional_properties = read_schema(f); }},
    Keyword{"required", [](const Field& f, Schema& s) { s.required = read_texts(f); }},
    Keyword{"maxProperties",
            [](const Field& f, Schema& s) { s.max_properties = read_number<std::size_t>(f); }},
    Keyword{"items", [](const Field& f, Schema& s) { s.items = read_schema(f); }},
    Keyword{"minItems",
            [](const Field& f, Schema& s) { s.min_items = read_number<std::size_t>(f); }},
    Keyword{"maxItems",
            [](const Field& f, Schema& s) { s.max_items = read_number<std::size_t>(f); }},
    Keyword{"x-kubernetes-list-type", read_list_type},
    Keyword{"x-kubernetes-list-map-keys",
            [](const Field& f, Schema& s) { s.map_keys = read_texts(f); }},
    Keyword{"enum", [](const Field& f, Schema& s) { s.enumeration = read_texts(f); }},
    Keyword{"pattern", read_pattern},
    Keyword{"format", read_format},
    Keyword{"anyOf", read_any_of},
    Keyword{"minLength",
            [](const Field& f, Schema& s) { s.min_length = read_number<std::size_t>(f); }},
    Keyword{"maxLength",
            [](const Field& f, Schema& s) { s.max_length = read_number<std::size_t>(f); }},
    Keyword{"minimum", [](const Field& f, Schema& s) { s.minimum = read_number<std::int64_t>(f); }},
    Keyword{"maximum", [](const Field& f, Schema& s) { s.maximum = read_number<std::int64_t>(f); }},
    // CEL is not interpreted: each rule has a twin in the file of its kind, which a test sees to.
    Keyword{"x-kubernetes-validations", [](const Field&, Schema&) {}},
};

/// What a recursion over values relies on.
void check_complete(const Schema& schema, const Field& field) {
  if (schema.type == Schema::Type::array && !schema.items) field.reject("an array needs items");
  const bool is_map = field.child("x-kubernetes-list-type").text() == "map";
  if (is_map != !schema.map_keys.empty())
    field.reject("a list of type map needs its keys, and no other has them");
  if (schema.type == Schema::Type::integer && !(schema.minimum && schema.maximum))
    field.reject("an integer needs minimum and maximum");
}

std::unique_ptr<Schema> read_schema(const Field& field) {
  auto schema = std::make_unique<Schema>();
  for (const auto& entry : field.entries()) {
    const auto* keyword = std::find_if(keywords.begin(), keywords.end(),
                                       [&](const Keyword& k) { return k.name == entry.name; });
    if (keyword == keywords.end()) {
      entry.value.reject("this keyword is not understood");
    } else {
      keyword->read(entry.value, *schema);
    }
  }
  check_complete(*schema, field);
  return schema;
}

}  // namespace

Schema read_spec_schema(std::string_view crd, config::Diagnostics& diagnostics) {
  auto documents = config::parse_yaml(std::string(crd), crd_name, diagnostics);
  if (documents.empty()) return {};
  Report report(crd_name, diagnostics);
  const Field versions = Field(documents.front(), "", report).child("spec").child("versions");
  const auto served = versions.items();
  if (served.size() != 1) {
    versions.reject("exactly one version is understood");
    return {};
  }
  const Field root = served.front().child("schema").child("openAPIV3Schema");
  return std::move(*read_schema(root.child("properties").child("spec")));
}

}  // namespace sluice::crds
