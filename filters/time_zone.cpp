// SPDX-License-Identifier: Apache-2.0
#include "filters/time_zone.hpp"

#include <stdexcept>

#include <date/tz.h>

namespace sluice::filters {

bool is_time_zone(std::string_view name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {  // how the library says no
    return false;
  }
}

}  // namespace sluice::filters
