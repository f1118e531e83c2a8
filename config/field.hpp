// SPDX-License-Identifier: Apache-2.0
// The building blocks of the schema table: a key has a name, a field and a meaning; a field knows
// its type, range and default and lands in a member of a struct. Because a key is typed by the
// struct that it lands in, a section cannot be put under the wrong member.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/codec.hpp"
#include "config/report.hpp"

namespace sluice::config {

enum class Presence : std::uint8_t { optional, required };
enum class Shape : std::uint8_t { value, section, section_list };

/// What documentation and diagnostics say of a key.
struct KeyText {
  std::string name = {};
  std::string type = {};
  std::string range = {};
  std::string default_text = {};  ///< as YAML, or words
  std::string expected = {};      ///< completes "expected ..."
  std::string example = {};       ///< how a required section is written
  std::string meaning = {};
  Presence presence = Presence::optional;
  Shape shape = Shape::value;
  std::vector<KeyText> children = {};  ///< of a section
};

/// Everything of a key but name and meaning. `Object` is the struct that it lands in.
template <typename Object>
struct Field {
  KeyText text;
  std::function<void(const Value&, Object&)> land;
};

template <typename Object>
struct Key {
  Key(const char* name, Field<Object> field, const char* meaning)
      : text(std::move(field.text)), land(std::move(field.land)) {
    text.name = name;
    text.meaning = meaning;
  }

  KeyText text;
  std::function<void(const Value&, Object&)> land;
};

template <typename Object>
using Keys = std::vector<Key<Object>>;

/// The entries of a mapping by key, after complaining about what is no mapping and about keys that
/// are not `known`.
std::map<std::string, Value> read_entries(const Value& value, const std::vector<KeyText>& known);

/// Complains about each required key that is missing from `entries`, or is an empty list.
void check_presence(const Value& value, const std::map<std::string, Value>& entries,
                    const std::vector<KeyText>& known);

/// The elements of a list, after complaining about what is not the `expected` list.
std::vector<Value> read_elements(const Value& value, const std::string& expected);

/// The entries of a mapping from strings to strings, which may have any key.
std::map<std::string, std::string, std::less<>> read_string_map(const Value& value);

template <typename Object>
std::vector<KeyText> texts_of(const Keys<Object>& keys) {
  std::vector<KeyText> texts;
  for (const Key<Object>& key : keys)
    texts.push_back(key.text);
  return texts;
}

/// Reads a mapping into `object`, telling everything that is wrong with it.
template <typename Object>
void read_section(const Value& value, const Keys<Object>& keys, Object& object) {
  const std::vector<KeyText> known = texts_of(keys);
  if (!value.node.is_mapping()) return value.complain("a mapping");
  const auto entries = read_entries(value, known);
  check_presence(value, entries, known);
  for (const Key<Object>& key : keys) {
    const auto entry = entries.find(key.text.name);
    if (entry != entries.end()) key.land(entry->second, object);
  }
}

/// A single value. Its default is what the member has in a new `Object`: it stands nowhere else.
template <typename Object, typename T>
Field<Object> value(T Object::* member, const Codec<T>& codec) {
  Field<Object> field;
  field.text = {.type = codec.type,
                .range = codec.range,
                .default_text = codec.print(Object{}.*member),
                .expected = codec.expected};
  field.land = [member, codec](const Value& found, Object& object) {
    auto read = codec.read(found.node);
    if (!read) return found.complain(codec.expected);
    object.*member = *std::move(read);
  };
  return field;
}

/// A list of single values.
template <typename Object, typename T>
Field<Object> list(std::vector<T> Object::* member, const Codec<T>& codec) {
  Field<Object> field;
  field.text = {.type = "list of " + codec.type + 's', .expected = "a list"};
  field.land = [member, codec](const Value& found, Object& object) {
    for (const Value& element : read_elements(found, "a list")) {
      auto read = codec.read(element.node);
      if (read) {
        (object.*member).push_back(*std::move(read));
      } else {
        element.complain(codec.expected);
      }
    }
  };
  return field;
}

template <typename Object>
Field<Object> string_map(std::map<std::string, std::string, std::less<>> Object::* member) {
  Field<Object> field;
  field.text = {.type = "map of strings", .expected = "a mapping of strings"};
  field.land = [member](const Value& found, Object& object) {
    object.*member = read_string_map(found);
  };
  return field;
}

inline KeyText section_text(std::vector<KeyText> children) {
  return {.type = "section",
          .expected = "a mapping",
          .shape = Shape::section,
          .children = std::move(children)};
}

/// A mapping that is a struct of its own.
template <typename Object, typename Part>
Field<Object> section(Part Object::* member, const Keys<Part>& keys) {
  Field<Object> field;
  field.text = section_text(texts_of(keys));
  field.land = [member, keys](const Value& found, Object& object) {
    read_section(found, keys, object.*member);
  };
  return field;
}

/// The same, where it matters whether it is written at all.
template <typename Object, typename Part>
Field<Object> section(std::optional<Part> Object::* member, const Keys<Part>& keys) {
  Field<Object> field;
  field.text = section_text(texts_of(keys));
  field.land = [member, keys](const Value& found, Object& object) {
    read_section(found, keys, (object.*member).emplace());
  };
  return field;
}

/// A mapping that exists in the file only: its keys land in the struct around it.
template <typename Object>
Field<Object> section(const Keys<Object>& keys) {
  Field<Object> field;
  field.text = section_text(texts_of(keys));
  field.land = [keys](const Value& found, Object& object) { read_section(found, keys, object); };
  return field;
}

/// A list of mappings. An element that is wrong takes its place all the same, so that the positions
/// in paths and in the result agree.
template <typename Object, typename Part>
Field<Object> sections(std::vector<Part> Object::* member, const Keys<Part>& keys) {
  Field<Object> field;
  field.text = {.type = "list of sections",
                .expected = "a list of mappings",
                .shape = Shape::section_list,
                .children = texts_of(keys)};
  field.land = [member, keys](const Value& found, Object& object) {
    for (const Value& element : read_elements(found, "a list of mappings")) {
      read_section(element, keys, (object.*member).emplace_back());
    }
  };
  return field;
}

/// A key that must be written. A list then needs at least one element.
template <typename Object>
Field<Object> required(Field<Object> field, std::string example = {}) {
  field.text.presence = Presence::required;
  field.text.example = std::move(example);
  return field;
}

/// A default that depends on other keys.
template <typename Object>
Field<Object> defaulted(std::string words, Field<Object> field) {
  field.text.default_text = std::move(words);
  return field;
}

}  // namespace sluice::config
