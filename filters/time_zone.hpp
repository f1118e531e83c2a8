// SPDX-License-Identifier: Apache-2.0
// Time zones of the IANA database, as the system has it.
#pragma once

#include <string_view>

namespace sluice::filters {

/// Whether there is a time zone of this name here ("Europe/Berlin", "UTC").
bool is_time_zone(std::string_view name);

}  // namespace sluice::filters
