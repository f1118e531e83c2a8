// SPDX-License-Identifier: Apache-2.0
// The mistakes that people make most, and what to do about them.
#pragma once

#include <string>
#include <string_view>

#include "config/diagnostic.hpp"

namespace sluice::crds {

/// How to mend a text that the schema of the field refuses: "did you mean 'foo.com'?". Empty where
/// nothing better than the expectation itself can be said.
std::string hint_for(std::string_view field_name, const std::string& text);

/// Adds to yaml-cpp's words on `domains: [*.example.com]`, which is an alias in YAML, that quotes
/// are needed.
void add_alias_hint(config::Diagnostic& problem);

}  // namespace sluice::crds
