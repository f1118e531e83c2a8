// SPDX-License-Identifier: Apache-2.0
// Rewrites that lead back to themselves: `a` is answered with a CNAME to `b`, and whoever then asks
// for `b` is sent to `a` again, or to `b` itself.
#pragma once

#include "crds/field.hpp"
#include "filters/rules.hpp"

namespace sluice::crds {

/// Reports every rewrite of a filter whose canonical name its own rules rewrite until they are back
/// at the first. `field` is where the rules stand. Names in lists are not known here, and rules
/// with a schedule may never meet: both are left out.
void check_rewrite_cycles(const Field& field, const filters::Rules& rules);

}  // namespace sluice::crds
