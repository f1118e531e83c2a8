// SPDX-License-Identifier: Apache-2.0
// The CRDs of crds/schema, embedded when Sluice is built: the one source of truth for clusters and
// directories alike.
#pragma once

#include <string_view>

#include "crds/structural_schema.hpp"

namespace sluice::crds {

/// The files themselves, for `kubectl apply`.
extern const std::string_view dns_filter_crd;
extern const std::string_view cluster_dns_filter_crd;
extern const std::string_view dns_tenant_crd;

/// The schemas of their `spec`, read at first use.
const Schema& dns_filter_schema();
const Schema& cluster_dns_filter_schema();
const Schema& dns_tenant_schema();

}  // namespace sluice::crds
