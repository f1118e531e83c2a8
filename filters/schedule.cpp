// SPDX-License-Identifier: Apache-2.0
#include "filters/schedule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include <date/tz.h>

namespace sluice::filters {
namespace {

using std::chrono::minutes;

constexpr minutes whole_day{24 * 60};

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

/// A moment as the clock on the wall shows it.
struct LocalTime {
  std::size_t weekday;  ///< 0 is Monday
  minutes of_day;
};

LocalTime local_time(const date::time_zone& zone, WallTime now) {
  const auto local = zone.to_local(now);
  const auto day = date::floor<date::days>(local);
  return {date::weekday(day).iso_encoding() - 1, std::chrono::floor<minutes>(local - day)};
}

bool covers(const Schedule& schedule, const LocalTime& time) {
  const std::size_t yesterday = (time.weekday + 6) % 7;
  if (schedule.start < schedule.end) {
    return schedule.weekdays[time.weekday] && time.of_day >= schedule.start &&
           time.of_day < schedule.end;
  }
  return (schedule.weekdays[time.weekday] && time.of_day >= schedule.start) ||
         (schedule.weekdays[yesterday] && time.of_day < schedule.end);
}

}  // namespace

bool is_active(const Schedule& schedule, WallTime now) {
  const auto* zone = find_zone(schedule.time_zone);
  return zone != nullptr && covers(schedule, local_time(*zone, now));
}

WallTime next_change(const Schedule& schedule, WallTime now) {
  const auto* zone = find_zone(schedule.time_zone);
  if (zone == nullptr) return now + std::chrono::days(1);
  const minutes of_day = local_time(*zone, now).of_day;
  minutes wait = whole_day;
  for (const minutes edge : {schedule.start, schedule.end, minutes(0)}) {
    const minutes ahead = (edge - of_day + whole_day) % whole_day;
    wait = std::min(wait, ahead == minutes(0) ? whole_day : ahead);
  }
  const WallTime edge = std::chrono::floor<minutes>(now) + wait;
  // The clock is set forward or back before that.
  const auto until = std::chrono::time_point_cast<std::chrono::seconds>(zone->get_info(now).end);
  return std::min(edge, WallTime(until.time_since_epoch()));
}

}  // namespace sluice::filters
