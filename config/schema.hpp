// SPDX-License-Identifier: Apache-2.0
// The one table of sluice.yaml's keys. Loading, error texts and docs/configuration.md all come from
// it; a key that is not in it does not exist.
#pragma once

#include "config/field.hpp"
#include "config/settings.hpp"

namespace sluice::config {

const Keys<Settings>& schema();

}  // namespace sluice::config
