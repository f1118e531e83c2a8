// SPDX-License-Identifier: Apache-2.0
// Time zones by their names in the IANA database, as the system has it (Debian: tzdata).
#pragma once

#include <string_view>

namespace sluice::filters {

/// Whether there is a time zone of this name, such as `Europe/Berlin` or `UTC`. False for all names
/// on a system without the database. Reads files; not for the query path.
bool is_time_zone(std::string_view name);

}  // namespace sluice::filters
