// SPDX-License-Identifier: Apache-2.0
#include "config/field.hpp"

#include <algorithm>

#include "config/yaml.hpp"

namespace sluice::config {
namespace {

std::string hint(const std::string& word, const std::vector<KeyText>& known) {
  std::vector<std::string> names;
  for (const KeyText& key : known)
    names.push_back(key.name);
  const std::string nearest = nearest_word(word, names);
  if (!nearest.empty()) return "did you mean `" + nearest + "`?";
  return "expected " + enumerate(names);
}

std::string with_example(const std::string& message, const KeyText& key) {
  if (key.example.empty()) return message;
  std::string indented = "\n" + key.example;
  for (std::size_t i = 0; (i = indented.find('\n', i)) != std::string::npos; ++i) {
    indented.insert(i + 1, "  ");
  }
  return message + ", for example:" + indented;
}

}  // namespace

std::map<std::string, Value> read_entries(const Value& value, const std::vector<KeyText>& known) {
  std::map<std::string, Value> entries;
  for (const auto& [key, line, member] : value.node.members()) {
    const std::string path = join_path(value.path, key);
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&key](const KeyText& text) { return text.name == key; });
    // The key's line: an empty value has none of its own.
    if (!is_known) {
      value.report.add_at(line, value.path,
                          "unknown key `" + printable(key) + "`; " + hint(key, known));
      continue;
    }
    value.report.note(path, line);
    entries.insert({key, Value{member, path, value.report}});
  }
  return entries;
}

void check_presence(const Value& value, const std::map<std::string, Value>& entries,
                    const std::vector<KeyText>& known) {
  for (const KeyText& key : known) {
    if (key.presence != Presence::required) continue;
    const auto entry = entries.find(key.name);
    const std::string path = join_path(value.path, key.name);
    if (entry == entries.end()) {
      value.report.add(path, with_example("is missing; expected " + key.expected, key));
    } else if (entry->second.node.is_list() && entry->second.node.size() == 0) {
      value.report.add(path, with_example("is empty; expected at least one entry", key));
    }
  }
}

std::vector<Value> read_elements(const Value& value, const std::string& expected) {
  std::vector<Value> elements;
  if (!value.node.is_list()) {
    value.complain(expected);
    return elements;
  }
  for (const Node& node : value.node.items()) {
    const std::string path = join_path(value.path, elements.size());
    if (!node.is_null()) value.report.note(path, node.line());
    elements.push_back({node, path, value.report});
  }
  return elements;
}

std::map<std::string, std::string, std::less<>> read_string_map(const Value& value) {
  std::map<std::string, std::string, std::less<>> strings;
  if (!value.node.is_mapping()) {
    value.complain("a mapping of strings");
    return strings;
  }
  for (const auto& [key, line, member] : value.node.members()) {
    const Value element{member, join_path(value.path, printable(key)), value.report};
    value.report.note(element.path, line);
    if (const auto read = try_text(member)) {
      strings[key] = *read;
    } else {
      element.complain("a string");
    }
  }
  return strings;
}

}  // namespace sluice::config
