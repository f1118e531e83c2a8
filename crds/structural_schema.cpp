// SPDX-License-Identifier: Apache-2.0
#include "crds/structural_schema.hpp"

#include <algorithm>
#include <set>

#include "config/yaml.hpp"
#include "crds/hints.hpp"
#include "filters/address.hpp"

namespace sluice::crds {
namespace {

std::string join(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : separator) + word;
  }
  return text;
}

std::string expected_string(const Schema& schema) {
  if (!schema.title.empty()) return schema.title;
  if (!schema.enumeration.empty()) return "one of " + join(schema.enumeration, ", ");
  if (!schema.formats.empty() && schema.formats.front() != "cidr")
    return schema.formats.front() == "ipv4" ? "an IPv4 address" : "an IPv6 address";
  return "a string";
}

/// What should stand there, in words.
std::string expected(const Schema& schema) {
  switch (schema.type) {
    case Schema::Type::object:
      return "a mapping";
    case Schema::Type::array:
      return "a list";
    case Schema::Type::integer:
      return "an integer from " + std::to_string(*schema.minimum) + " to " +
             std::to_string(*schema.maximum);
    case Schema::Type::string:
      break;
  }
  return expected_string(schema);
}

/// For a scalar of the wrong kind, which mostly is a matter of punctuation.
std::string kind_hint(const Schema& schema, const Field& field) {
  if (schema.type == Schema::Type::array) return "put it in brackets";
  const bool is_string = scalar_kind(field.node()) == ScalarKind::string;
  if (schema.type == Schema::Type::string && schema.enumeration.empty() && !is_string)
    return "put it in quotes";
  const bool is_quoted_number =
      schema.type == Schema::Type::integer && is_string &&
      field.node().text().find_first_not_of("0123456789") == std::string::npos;
  return is_quoted_number ? "write it without quotes" : "";
}

std::string hint_about(const Schema& schema, const Field& field) {
  if (!field.is_present()) {
    return field.name() == "queryTypes" ? "write \"NULL\" in quotes if that type is meant"
                                        : "give it a value or leave it out";
  }
  if (!field.node().is_scalar()) return {};
  std::string hint = kind_hint(schema, field);
  if (!hint.empty()) return hint;
  const std::string& text = field.node().text();
  const std::string nearest = config::nearest_word(text, schema.enumeration);
  return nearest.empty() ? hint_for(field.name(), text) : "did you mean '" + nearest + "'?";
}

void reject(const Schema& schema, const Field& field) {
  const std::string hint = hint_about(schema, field);
  field.reject_value(expected(schema) + (hint.empty() ? "" : "; " + hint));
}

/// Characters, not octets, as the API server counts them.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// As net/netip of Go: a length without sign and leading zeros, and no IPv4 address in IPv6
/// clothes.
bool is_cidr(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return false;
  const auto address = filters::Address::from_text(text.substr(0, slash));
  if (!address || (address->is_v4() && text.find(':') != std::string::npos)) return false;
  const std::string length = text.substr(slash + 1);
  const bool is_number = !length.empty() && length.size() <= 3 &&
                         length.find_first_not_of("0123456789") == std::string::npos &&
                         (length.size() == 1 || length.front() != '0');
  return is_number && std::stoi(length) <= (address->is_v4() ? 32 : 128);
}

bool has_format(const std::string& text, const std::string& format) {
  if (format == "cidr") return is_cidr(text);
  const auto address = filters::Address::from_text(text);
  if (!address) return false;
  // ::ffff:192.0.2.1 is neither: it would be an IPv4 address that answers AAAA queries.
  const bool is_v4_text = text.find(':') == std::string::npos;
  return format == "ipv4" ? is_v4_text : !address->is_v4();
}

bool has_some_format(const Schema& schema, const std::string& text) {
  return schema.formats.empty() ||
         std::any_of(schema.formats.begin(), schema.formats.end(),
                     [&text](const std::string& format) { return has_format(text, format); });
}

bool allows(const Schema& schema, const std::string& text) {
  const std::size_t length = length_of(text);
  if (length < schema.min_length.value_or(0)) return false;
  if (schema.max_length && length > *schema.max_length) return false;
  const auto& words = schema.enumeration;
  if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end()) return false;
  if (schema.pattern && !RE2::PartialMatch(text, *schema.pattern)) return false;
  return has_some_format(schema, text);
}

void apply_string(const Schema& schema, const Field& field) {
  const auto text = field.text();
  if (!text || !allows(schema, *text)) reject(schema, field);
}

void apply_integer(const Schema& schema, const Field& field) {
  const auto value = field.integer();
  if (!value || *value < *schema.minimum || *value > *schema.maximum) reject(schema, field);
}

/// Items that are mappings, told apart by some of their fields; scalars, of the fields that we
/// have.
void check_unique_keys(const std::vector<Field>& items, const std::vector<std::string>& keys) {
  std::set<std::vector<std::string>> seen;
  for (const Field& item : items) {
    std::vector<std::string> values;
    for (const std::string& key : keys) {
      values.push_back(item.child(key).text().value_or(""));
    }
    if (values.front().empty() || seen.insert(values).second) continue;
    item.reject("`" + keys.front() + "` must be unique in the list; '" + values.front() +
                "' stands there already");
  }
}

/// Scalars only: our sets have no others.
void check_unique(const std::vector<Field>& items) {
  std::set<std::string> seen;
  for (const Field& item : items) {
    const auto text = item.text();
    if (text && !seen.insert(*text).second) item.reject_value("each value only once in the list");
  }
}

void apply_array(const Schema& schema, const Field& field) {
  if (!field.node().is_list()) return reject(schema, field);
  const std::size_t size = field.node().size();
  if (schema.max_items && size > *schema.max_items) {
    return field.reject("found " + std::to_string(size) + " items, expected at most " +
                        std::to_string(*schema.max_items));
  }
  if (size < schema.min_items.value_or(0))
    return field.reject("found an empty list, expected at least one item");
  const auto items = field.items();
  for (const Field& item : items) {
    apply_schema(*schema.items, item);
  }
  if (schema.is_set) check_unique(items);
  if (!schema.map_keys.empty()) check_unique_keys(items, schema.map_keys);
}

void insert_defaults(const Schema& schema, const Field& object) {
  for (const auto& [name, property] : schema.properties) {
    if (object.child(name).is_defined()) continue;
    if (auto value = default_of(*property)) object.insert(name, *std::move(value));
  }
}

void reject_unknown(const Schema& schema, const Field::Entry& entry) {
  std::vector<std::string> known;
  for (const auto& property : schema.properties) {
    known.push_back(property.first);
  }
  const std::string nearest = config::nearest_word(entry.name, known);
  const std::string hint =
      nearest.empty() ? "expected one of " + join(known, ", ") : "did you mean '" + nearest + "'?";
  entry.value.report().add(entry.line, entry.value.path(), "unknown field; " + hint);
}

void apply_property(const Schema& schema, const Field::Entry& entry) {
  const auto property = schema.properties.find(entry.name);
  if (property != schema.properties.end()) return apply_schema(*property->second, entry.value);
  if (schema.additional_properties) return apply_schema(*schema.additional_properties, entry.value);
  reject_unknown(schema, entry);
}

void apply_object(const Schema& schema, const Field& field) {
  if (!field.node().is_mapping()) return reject(schema, field);
  const std::size_t size = field.node().size();
  if (schema.max_properties && size > *schema.max_properties) {
    return field.reject("found " + std::to_string(size) + " entries, expected at most " +
                        std::to_string(*schema.max_properties));
  }
  for (const std::string& name : schema.required) {
    const Field child = field.child(name);
    if (!child.is_defined()) apply_schema(*schema.properties.at(name), child);
  }
  insert_defaults(schema, field);
  for (const auto& entry : field.entries()) {
    if (field.report().is_full()) return;
    apply_property(schema, entry);
  }
}

}  // namespace

std::optional<config::Node> default_of(const Schema& schema) {
  using config::Node;
  if (schema.default_items) {
    Node list = Node::list();
    for (const std::string& item : *schema.default_items) {
      list.add_item(Node::string(item));
    }
    return list;
  }
  if (!schema.default_value) return std::nullopt;
  if (schema.type == Schema::Type::object) return Node::mapping();
  return schema.type == Schema::Type::integer ? Node::plain(*schema.default_value)
                                              : Node::string(*schema.default_value);
}

void apply_schema(const Schema& schema, const Field& field) {
  if (!field.is_defined()) return field.reject("missing; expected " + expected(schema));
  if (field.node().is_null()) return reject(schema, field);
  switch (schema.type) {
    case Schema::Type::object:
      return apply_object(schema, field);
    case Schema::Type::array:
      return apply_array(schema, field);
    case Schema::Type::string:
      return apply_string(schema, field);
    case Schema::Type::integer:
      return apply_integer(schema, field);
  }
}

}  // namespace sluice::crds
