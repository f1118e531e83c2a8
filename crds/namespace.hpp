// SPDX-License-Identifier: Apache-2.0
// Namespace (core v1): its labels, by which DNSTenants and ClusterDNSFilters select. All else in it
// is Kubernetes' own and ignored.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a Namespace. What comes out is of use only if nothing was reported.
filters::Namespace decode_namespace(const Field& object, const Metadata& metadata);

}  // namespace sluice::crds
