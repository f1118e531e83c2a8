// SPDX-License-Identifier: Apache-2.0
// The only place that calls yaml-cpp's parser and catches its exceptions. What comes out is safe to
// walk: bounded in size, depth and number of nodes (aliases counted as often as they are used),
// without duplicate keys.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/node.hpp"

namespace sluice::config {

/// Every document of `text` that is not empty. If anything is wrong with the text, the problem goes
/// to `diagnostics` and nothing is returned: a half-read file must not take effect in part.
std::vector<Node> parse_yaml(const std::string& text, const std::string& file,
                             Diagnostics& diagnostics);

/// A scalar in quotes, or a plain one that is neither a number nor a boolean: what Kubernetes takes
/// for a string.
bool is_string(const Node& node);

/// What a person would call the node: "the string 'Foo'", "the number 7", "a list", "a mapping",
/// "nothing". Long strings are shortened.
std::string describe(const Node& node);

/// Text of unknown origin for a diagnostic: control characters escaped, and cut after `max_octets`.
std::string printable(std::string_view text, std::size_t max_octets = 40);

/// The known word nearest to a misspelt one, or empty: for "did you mean ...?".
std::string nearest_word(const std::string& word, const std::vector<std::string>& known);

}  // namespace sluice::config
