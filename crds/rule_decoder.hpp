// SPDX-License-Identifier: Apache-2.0
// The rules of DNSFilters and ClusterDNSFilters, and the answers that they give. The schema has
// been applied to what is read here; what it says in CEL is checked here, in the same words.
#pragma once

#include <vector>

#include "crds/field.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads `rules`; a missing list is an empty one.
std::vector<filters::Rule> decode_rules(const Field& rules);

/// Reads `response` or `defaultResponse`; a missing one is the default.
filters::Response decode_response(const Field& response);

/// Reads `enforcementMode`.
filters::EnforcementMode decode_mode(const Field& mode);

}  // namespace sluice::crds
