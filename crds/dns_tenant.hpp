// SPDX-License-Identifier: Apache-2.0
// DNSTenant: namespaces that make up one tenant, crds/schema/sluice.dev_dnstenants.yaml.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a DNSTenant. What comes out is of use only if nothing was reported.
filters::Tenant decode_dns_tenant(const Field& object, const Metadata& metadata);

}  // namespace sluice::crds
