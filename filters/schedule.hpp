// SPDX-License-Identifier: Apache-2.0
// When a rule with a schedule is in force. Nothing of this happens per query: chains are compiled
// with the rules of the hour, and compiled anew when an hour comes that changes them.
#pragma once

#include <chrono>

#include "filters/rule.hpp"

namespace sluice::filters {

using WallTime = std::chrono::sys_seconds;

/// Whether the schedule covers this moment. A time zone that is not known here never does: the
/// decoder of manifests has refused it where the database had been the same.
bool is_active(const Schedule& schedule, WallTime now);

/// A moment after `now` up to which is_active() stays what it is. Daylight saving time may make it
/// earlier than needed, never later.
WallTime next_change(const Schedule& schedule, WallTime now);

}  // namespace sluice::filters
