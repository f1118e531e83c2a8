// SPDX-License-Identifier: Apache-2.0
// What a rule matches: names, lists, regular expressions, types, hours and addresses in answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crds/field.hpp"
#include "dns/name.hpp"
#include "filters/rule.hpp"

namespace sluice::crds {

/// Reads all matchers of a rule into it. `namespace_name` is the one of the filter's DomainLists.
void decode_matchers(const Field& field, const std::string& namespace_name, filters::Rule& rule);

/// Reads a name without wildcard, which becomes canonical.
std::optional<dns::Name> decode_name(const Field& field);

}  // namespace sluice::crds
