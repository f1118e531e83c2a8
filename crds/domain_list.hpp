// SPDX-License-Identifier: Apache-2.0
// DomainList: a tenant's own names, crds/schema/sluice.dev_domainlists.yaml.
#pragma once

#include "crds/field.hpp"
#include "crds/metadata.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Reads a DomainList. What comes out is of use only if nothing was reported.
filters::DomainList decode_domain_list(const Field& object, const Metadata& metadata);

/// Reads what both kinds of lists have: `entryScope` and `entries`.
void decode_entries(const Field& spec, filters::DomainList& list);

}  // namespace sluice::crds
