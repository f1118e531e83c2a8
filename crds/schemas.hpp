// SPDX-License-Identifier: Apache-2.0
// The CRDs of crds/schema, embedded when Sluice is built: the one source of truth for clusters and
// directories alike.
#pragma once

#include <span>
#include <string_view>

#include "crds/structural_schema.hpp"

namespace sluice::crds {

struct EmbeddedCrd {
  std::string_view kind;
  std::string_view file;  ///< its name in crds/schema
  std::string_view text;  ///< the file itself, for `kubectl apply`
};

/// All of them, in the order in which they are described: filters, lists, tenants, upstreams.
std::span<const EmbeddedCrd> embedded_crds();

/// The schema of a kind's `spec`, read at first use. The kind must be one of those above.
const Schema& spec_schema(std::string_view kind);

}  // namespace sluice::crds
