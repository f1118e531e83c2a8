// SPDX-License-Identifier: Apache-2.0
// `schedule` of a rule: days and hours by the clock of a time zone.
#pragma once

#include "crds/field.hpp"
#include "filters/rule.hpp"

namespace sluice::crds {

/// Reads a schedule that is there; reports what only code can check.
filters::Schedule decode_schedule(const Field& schedule);

}  // namespace sluice::crds
