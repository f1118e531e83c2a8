// SPDX-License-Identifier: Apache-2.0
// ClusterDomainList: the platform's names, crds/schema/sluice.dev_clusterdomainlists.yaml.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a ClusterDomainList. What comes out is of use only if nothing was reported.
filters::DomainList decode_cluster_domain_list(const Field& object, const Metadata& metadata);

}  // namespace sluice::crds
