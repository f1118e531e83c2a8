// SPDX-License-Identifier: Apache-2.0
// DNSUpstream: resolvers for tenants' queries, crds/schema/sluice.dev_dnsupstreams.yaml.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a DNSUpstream. What comes out is of use only if nothing was reported.
filters::UpstreamSpec decode_dns_upstream(const Field& object, const Metadata& metadata);

}  // namespace sluice::crds
