// SPDX-License-Identifier: Apache-2.0
#include "filters/schedule.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::filters;
using namespace std::chrono_literals;

namespace {

// Bits of Schedule::weekdays.
constexpr unsigned monday = 1U << 0;
constexpr unsigned friday = 1U << 4;
constexpr unsigned sunday = 1U << 6;
constexpr unsigned work_days = 0b0011111;
constexpr unsigned every_day = 0b1111111;

// In 2026 the clocks of Europe/Berlin go from 2:00 to 3:00 on Sunday 29 March, and from 3:00 to
// 2:00 on Sunday 25 October, both at 1:00 UTC.
WallTime utc(unsigned month, unsigned day, std::chrono::minutes of_day) {
  return std::chrono::sys_days(std::chrono::year(2026) / std::chrono::month(month) /
                               std::chrono::day(day)) +
         of_day;
}

/// The first minute of the walk from which next_change() leads past a real change, or not forward;
/// -1 if there is none. `active` says what holds at each minute from `from` on.
int first_missed_change(const Schedule& schedule, WallTime from, const std::vector<bool>& active) {
  WallTime real_change = WallTime::max();
  int missed = -1;
  for (std::size_t i = active.size(); i-- > 0;) {
    const WallTime now = from + std::chrono::minutes(i);
    if (i + 1 < active.size() && active[i + 1] != active[i]) real_change = now + 1min;
    for (const std::chrono::seconds offset : {0s, 59s}) {
      const WallTime next = next_change(schedule, now + offset);
      if (next > real_change || next <= now + offset) missed = static_cast<int>(i);
    }
  }
  return missed;
}

}  // namespace

TEST_CASE("a schedule covers its hours on its weekdays", "[filters][schedule]") {
  struct Case {
    const char* name;
    Schedule schedule;
    WallTime now;
    bool active;
  };
  const Schedule office{"UTC", work_days, 9h, 17h};
  const Schedule evening{"UTC", monday, 18h, 24h};
  const Schedule night{"UTC", friday, 22h, 6h};
  const Schedule sunday_night{"UTC", sunday, 22h, 6h};
  const Schedule always{"UTC", every_day, 0h, 24h};
  const Case cases[] = {
      {"before the hours", office, utc(6, 1, 8h + 59min), false},
      {"the first minute", office, utc(6, 1, 9h), true},
      {"the last minute", office, utc(6, 1, 16h + 59min), true},
      {"the end is not included", office, utc(6, 1, 17h), false},
      {"the last of the weekdays", office, utc(6, 5, 12h), true},
      {"another weekday", office, utc(6, 6, 12h), false},
      {"no weekday", {"UTC", 0, 0h, 24h}, utc(6, 1, 12h), false},
      {"until 24:00, the last minute", evening, utc(6, 1, 23h + 59min), true},
      {"until 24:00, the day after", evening, utc(6, 2, 0h), false},
      {"over midnight, begun", night, utc(6, 5, 22h), true},
      {"over midnight, the morning after", night, utc(6, 6, 5h + 59min), true},
      {"over midnight, ended", night, utc(6, 6, 6h), false},
      {"over midnight, the morning of the day", night, utc(6, 5, 5h + 59min), false},
      {"over midnight, the night after", night, utc(6, 6, 22h), false},
      {"over the week's end", sunday_night, utc(6, 8, 1h), true},
      {"the week before it", sunday_night, utc(6, 7, 1h), false},
      {"always, midnight", always, utc(6, 7, 0h), true},
      {"always, just before", always, utc(6, 7, 24h - 1min), true},
  };
  for (const auto& [name, schedule, now, active] : cases) {
    CAPTURE(name);
    CHECK(is_active(schedule, now) == active);
  }
}

TEST_CASE("hours are those of the schedule's own clock", "[filters][schedule]") {
  struct Case {
    const char* name;
    Schedule schedule;
    WallTime now;
    bool active;
  };
  const std::string berlin = "Europe/Berlin";
  const Schedule office{berlin, work_days, 8h, 18h};
  const Schedule after_gap{berlin, sunday, 2h + 30min, 4h};
  const Schedule in_gap{berlin, sunday, 2h, 3h};
  const Case cases[] = {
      {"winter, before", office, utc(1, 5, 6h + 59min), false},
      {"winter", office, utc(1, 5, 7h), true},
      {"summer, before", office, utc(6, 1, 5h + 59min), false},
      {"summer", office, utc(6, 1, 6h), true},
      {"the weekday is local", {berlin, monday, 0h, 24h}, utc(5, 31, 22h), true},
      {"and ends locally", {berlin, monday, 0h, 24h}, utc(6, 1, 22h), false},
      {"forward, before", after_gap, utc(3, 29, 59min), false},
      {"forward, into the hours", after_gap, utc(3, 29, 1h), true},
      {"forward, ended", after_gap, utc(3, 29, 2h), false},
      {"hours that do not exist, before", in_gap, utc(3, 29, 59min), false},
      {"hours that do not exist, behind", in_gap, utc(3, 29, 1h), false},
      {"hours that come twice, before", in_gap, utc(10, 24, 23h + 59min), false},
      {"hours that come twice, first", in_gap, utc(10, 25, 0h), true},
      {"hours that come twice, again", in_gap, utc(10, 25, 1h), true},
      {"hours that come twice, to the end", in_gap, utc(10, 25, 1h + 59min), true},
      {"hours that come twice, over", in_gap, utc(10, 25, 2h), false},
  };
  for (const auto& [name, schedule, now, active] : cases) {
    CAPTURE(name);
    CHECK(is_active(schedule, now) == active);
  }
}

TEST_CASE("in an unknown time zone a schedule never covers anything", "[filters][schedule]") {
  for (const char* zone : {"", "Europe/Atlantis", "CEST"}) {
    CAPTURE(zone);
    const Schedule schedule{zone, every_day, 0h, 24h};
    CHECK_FALSE(is_active(schedule, utc(6, 1, 12h)));
    CHECK(next_change(schedule, utc(6, 1, 12h)) > utc(6, 1, 12h));
  }
}

TEST_CASE("the next change is the edge of the hours, or midnight", "[filters][schedule]") {
  const Schedule office{"UTC", work_days, 9h, 17h};
  CHECK(next_change(office, utc(6, 1, 0h)) == utc(6, 1, 9h));
  CHECK(next_change(office, utc(6, 1, 8h) + 59min + 59s) == utc(6, 1, 9h));
  CHECK(next_change(office, utc(6, 1, 9h)) == utc(6, 1, 17h));
  CHECK(next_change(office, utc(6, 1, 17h)) == utc(6, 2, 0h));
}

TEST_CASE("no change of a fortnight with a clock change in it comes before it was told",
          "[filters][schedule]") {
  struct Fortnight {
    std::string time_zone;
    WallTime from;
  };
  // Lord Howe Island's clocks change by half an hour.
  const Fortnight fortnights[] = {{"Europe/Berlin", utc(3, 22, 0h)},
                                  {"Europe/Berlin", utc(10, 18, 0h)},
                                  {"Australia/Lord_Howe", utc(3, 29, 0h)}};
  const Schedule schedules[] = {{"", work_days, 9h, 17h + 30min},
                                {"", friday | sunday, 22h, 6h},
                                {"", sunday, 2h, 3h},
                                {"", sunday, 2h + 30min, 2h},
                                {"", sunday, 0h, 24h},
                                {"", sunday | monday, 3h, 3h}};
  constexpr int minutes = 14 * 24 * 60;
  for (const auto& [zone, from] : fortnights) {
    for (Schedule schedule : schedules) {
      schedule.time_zone = zone;
      CAPTURE(zone, schedule.weekdays.to_string(), schedule.start.count(), schedule.end.count());
      std::vector<bool> active;
      for (int i = 0; i < minutes; ++i)
        active.push_back(is_active(schedule, from + std::chrono::minutes(i)));
      CHECK(std::count(active.begin(), active.end(), true) > 0);
      CHECK(first_missed_change(schedule, from, active) == -1);
    }
  }
}
