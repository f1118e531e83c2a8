// SPDX-License-Identifier: Apache-2.0
// The types of single values in sluice.yaml: each says what it looks like, reads it and prints it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/node.hpp"
#include "config/units.hpp"

namespace sluice::config {

/// How values of one type are written.
template <typename T>
struct Codec {
  std::string type;      ///< for the documentation: "duration"
  std::string range;     ///< for the documentation: "10ms to 1m"; may be empty
  std::string expected;  ///< for diagnostics: "a duration with a unit, ..."
  std::function<std::optional<T>(const Node&)> read;
  std::function<std::string(const T&)> print;
};

/// Bounds, both included.
template <typename T>
struct Range {
  T low;
  T high;
};

/// A string: in quotes, or plain and neither number nor boolean.
std::optional<std::string> try_text(const Node& node);

std::optional<std::uint64_t> try_whole_number(const Node& node);
std::optional<std::uint64_t> try_byte_size(const Node& node);
std::optional<std::chrono::milliseconds> try_duration(const Node& node);

/// Strings, each of a form of its own.
Codec<std::string> name();            ///< of our own things: it stands in metrics and logs
Codec<std::string> namespace_name();  ///< a DNS label in lower case, RFC 1123
Codec<std::string> domain();
Codec<std::string> ip_address();
Codec<std::string> host();  ///< an IP address or a domain name
Codec<std::string> cidr();  ///< a string: see the comment on check_static_entries
Codec<std::string> url_path();
Codec<std::string> trust_domain();      ///< of SPIFFE, which fixes its letters
Codec<std::string> dns_name_pattern();  ///< labels, `*`, and one `{namespace}`
Codec<std::filesystem::path> file_path();
Codec<std::uint64_t> byte_size(Range<std::uint64_t> range);

template <typename T>
Codec<T> whole_number(Range<T> range) {
  const std::string bounds = std::to_string(range.low) + " to " + std::to_string(range.high);
  const auto read = [range](const Node& node) -> std::optional<T> {
    const auto number = try_whole_number(node);
    if (!number || *number < range.low || *number > range.high) return std::nullopt;
    return static_cast<T>(*number);
  };
  return {"number", bounds, "a whole number from " + bounds, read,
          [](const T& number) { return std::to_string(number); }};
}

/// `T` is std::chrono::milliseconds or seconds; what does not divide into it is refused, not cut.
template <typename T>
Codec<T> duration(Range<T> range) {
  const std::string bounds = format_duration(range.low) + " to " + format_duration(range.high);
  const auto read = [range](const Node& node) -> std::optional<T> {
    const auto exact = try_duration(node);
    if (!exact || *exact < range.low || *exact > range.high) return std::nullopt;
    const T value = std::chrono::duration_cast<T>(*exact);
    return value == *exact ? std::optional(value) : std::nullopt;
  };
  const std::string what = std::is_same_v<T, std::chrono::seconds>
                               ? "a duration in whole seconds with a unit (10s, 5m, 1h)"
                               : "a duration with a unit (500ms, 10s, 5m, 1h)";
  return {"duration", bounds, what + " from " + bounds, read,
          [](const T& value) { return format_duration(value); }};
}

/// One of a few words.
template <typename T>
using Choices = std::vector<std::pair<std::string, T>>;

/// `UDP, TCP or TLS`.
std::string enumerate(const std::vector<std::string>& words);

template <typename T>
Codec<T> choice(const Choices<T>& choices) {
  std::vector<std::string> words;
  for (const auto& [word, value] : choices)
    words.push_back(word);
  const auto read = [choices](const Node& node) -> std::optional<T> {
    for (const auto& [word, value] : choices) {
      if (node.is_scalar() && node.text() == word) return value;
    }
    return std::nullopt;
  };
  const auto print = [choices](const T& wanted) {
    for (const auto& [word, value] : choices) {
      if (value == wanted) return word;
    }
    return std::string();
  };
  return {"string", enumerate(words), enumerate(words), read, print};
}

}  // namespace sluice::config
