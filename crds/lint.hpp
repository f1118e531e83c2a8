// SPDX-License-Identifier: Apache-2.0
// What is right and probably not meant. Few kinds of warnings, each of which had better be heeded,
// and none that costs more than reading the filter once.
#pragma once

#include "config/diagnostic.hpp"
#include "crds/places.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Warns of what one filter without mistakes shows by itself:
/// a pattern `*.x` in a filter that nowhere says what happens to `x`; a rule that never decides
/// because one before it does; a regular expression that allows more than it seems to, because of a
/// dot; a tenant's filter that leaves its pods no name at all; a filter of the platform that the
/// labels of a pod decide about; a default action that the Audit mode makes void.
void lint(const filters::Filter& filter, const Origin& origin, config::Diagnostics& diagnostics);

/// Of all that, the rules that never decide.
void lint_shadowing(const filters::Filter& filter, const Origin& origin,
                    config::Diagnostics& diagnostics);

}  // namespace sluice::crds
