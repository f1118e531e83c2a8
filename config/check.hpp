// SPDX-License-Identifier: Apache-2.0
// What no single key can tell: defaults that depend on other keys, and keys that must agree.
#pragma once

#include "config/report.hpp"
#include "config/settings.hpp"

namespace sluice::config {

/// Fills in ports by protocol, names of listeners, and the default upstream if there is only one.
void complete(Settings& settings, const Report& report);

/// Whether the keys agree. Expects `complete` settings; leaves out what has been complained about.
void check(const Settings& settings, Report& report);

}  // namespace sluice::config
