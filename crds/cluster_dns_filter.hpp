// SPDX-License-Identifier: Apache-2.0
// ClusterDNSFilter: the platform's rules before or after the tenants' own,
// crds/schema/sluice.dev_clusterdnsfilters.yaml.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a ClusterDNSFilter. What comes out is of use only if nothing was reported.
filters::Filter decode_cluster_dns_filter(const Field& object, const Metadata& metadata);

}  // namespace sluice::crds
