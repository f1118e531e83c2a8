// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <exception>
#include <numeric>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "config/node_builder.hpp"

namespace sluice::config {
namespace {

constexpr std::size_t max_message_octets = 300;
constexpr std::size_t max_compared_octets = 64;  // longer words are no misspelt keys of ours

std::vector<Node> parse_guarded(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  NodeBuilder builder(text);
  while (parser.HandleNextDocument(builder)) {
  }
  auto documents = builder.take_documents();
  std::erase_if(documents, [](const Node& document) { return document.is_null(); });
  return documents;
}

/// What is wrong with the text before YAML has a say.
std::optional<Diagnostic> check_text(const std::string& text, const std::string& file) {
  if (text.size() > max_yaml_octets) {
    return Diagnostic{file, 0, "",
                      "the text has " + std::to_string(text.size()) + " octets; at most " +
                          std::to_string(max_yaml_octets) + " are read"};
  }
  if (const auto bad = find_bad_character(text))
    return Diagnostic{file, bad->line, "", bad->message};
  return std::nullopt;
}

bool is_number(const std::string& text) {
  std::istringstream stream(text);
  double number = 0;
  return stream >> number && stream.peek() == std::istringstream::traits_type::eof();
}

std::string escape_controls(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet != 0x7F) {
      result += c;
      continue;
    }
    std::array<char, 5> escape{};
    std::snprintf(escape.data(), escape.size(), "\\x%02X", static_cast<unsigned>(octet));
    result += escape.data();
  }
  return result;
}

bool is_boolean(const std::string& text) {
  return text == "true" || text == "false";
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

/// Levenshtein's distance: single-character edits between two words.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t substituted = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<Node> parse_yaml(const std::string& text, const std::string& file,
                             Diagnostics& diagnostics) {
  if (auto problem = check_text(text, file)) {
    diagnostics.push_back(*std::move(problem));
    return {};
  }
  try {
    return parse_guarded(text);
  } catch (const YAML::Exception& error) {
    diagnostics.push_back(
        {file, error.mark.line + 1, "", printable(error.msg, max_message_octets)});
  } catch (const std::exception& error) {
    // yaml-cpp converts numbers of directives and escapes with functions that throw their own.
    diagnostics.push_back(
        {file, 0, "", std::string("the text cannot be read as YAML: ") + printable(error.what())});
  }
  return {};
}

bool is_string(const Node& node) {
  if (!node.is_scalar()) return false;
  return !node.is_plain() || !(is_number(node.text()) || is_boolean(node.text()));
}

std::string describe(const Node& node) {
  if (!node.is_defined() || node.is_null()) return "nothing";
  if (node.is_list()) return "a list";
  if (node.is_mapping()) return "a mapping";
  const std::string text = printable(node.text());
  if (is_string(node)) return "the string '" + text + "'";
  return (is_boolean(text) ? "the boolean " : "the number ") + text;
}

std::string printable(std::string_view text, std::size_t max_octets) {
  if (text.size() <= max_octets) return escape_controls(text);
  std::size_t end = max_octets;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return escape_controls(text.substr(0, end)) + "...";
}

std::string nearest_word(const std::string& word, const std::vector<std::string>& known) {
  if (word.size() > max_compared_octets) return {};
  const std::string wanted = to_lower(word);
  std::string nearest;
  // A third of the letters: more is another word rather than a slip, as is a letter instead of one.
  std::size_t limit = std::min(std::max<std::size_t>(word.size() / 3, 1) + 1, word.size());
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(wanted, to_lower(candidate));
    if (distance >= limit) continue;
    limit = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace sluice::config
