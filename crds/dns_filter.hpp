// SPDX-License-Identifier: Apache-2.0
// DNSFilter: a tenant's own rules, crds/schema/sluice.dev_dnsfilters.yaml.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a DNSFilter. What comes out is of use only if nothing was reported.
filters::Filter decode_dns_filter(const Field& object, const Metadata& metadata);

}  // namespace sluice::crds
