// SPDX-License-Identifier: Apache-2.0
// Names that belong to the cluster itself, which a tenant's default Deny leaves alone.
#pragma once

#include <string>
#include <vector>

#include "dns/name.hpp"
#include "filters/address.hpp"

namespace sluice::proxy {

/// `cluster_domain`, clusterset.local (the Multi-Cluster Services API's), and the reverse zones of
/// the CIDRs of pods and services. Canonical.
std::vector<dns::Name> cluster_zones(const dns::Name& cluster_domain,
                                     const std::vector<filters::Prefix>& cluster_cidrs);

/// Where services and pods have their names: `cluster_domain` and clusterset.local. Canonical.
std::vector<dns::Name> service_zones(const dns::Name& cluster_domain);

/// The zones below in-addr.arpa or ip6.arpa that cover a prefix: one, or several where the prefix
/// ends inside an octet (IPv4) or a nibble (IPv6).
std::vector<dns::Name> reverse_zones(const filters::Prefix& prefix);

}  // namespace sluice::proxy
