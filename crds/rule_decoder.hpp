// SPDX-License-Identifier: Apache-2.0
// The rules of DNSFilters and ClusterDNSFilters, and the answers that they give. The schema has
// been applied to what is read here; what it says in CEL is checked here, in the same words.
#pragma once

#include <string>

#include "crds/field.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads `rules`; a missing list is an empty one. `namespace_name` is the filter's, in which its
/// DomainLists are; empty for cluster-scoped filters.
filters::Rules decode_rules(const Field& rules, const std::string& namespace_name);

/// Reads `response` or `defaultResponse`; a missing one is the default.
filters::Response decode_response(const Field& response);

/// Reads what both kinds of filters have in common, rules included.
void decode_common(const Field& spec, filters::Filter& filter);

/// Reads `logging` or `queryLogging`, which a default or the schema has seen to.
filters::QueryLogging decode_logging(const Field& logging);

}  // namespace sluice::crds
