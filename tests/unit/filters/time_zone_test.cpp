// SPDX-License-Identifier: Apache-2.0
#include "filters/time_zone.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::filters {

TEST_CASE("time zones are known by their names in the IANA database", "[filters][time_zone]") {
  for (const char* name : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+8"}) {
    INFO(name);
    CHECK(is_time_zone(name));
  }
  for (const char* name :
       {"", "Europe", "Europe/Atlantis", "europe/berlin", "CEST", "../zoneinfo"}) {
    INFO(name);
    CHECK_FALSE(is_time_zone(name));
  }
}

}  // namespace sluice::filters
