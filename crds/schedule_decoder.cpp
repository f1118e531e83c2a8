// SPDX-License-Identifier: Apache-2.0
#include "crds/schedule_decoder.hpp"

#include "crds/enumeration.hpp"
#include "filters/time_zone.hpp"

namespace sluice::crds {
namespace {

constexpr std::array weekdays = {
    Word{"Mon", 0U}, Word{"Tue", 1U}, Word{"Wed", 2U}, Word{"Thu", 3U},
    Word{"Fri", 4U}, Word{"Sat", 5U}, Word{"Sun", 6U},
};

/// HH:MM, as the schema has seen to.
std::chrono::minutes decode_time(const Field& field) {
  const auto text = field.text();
  if (!text || field.is_rejected()) return {};
  return std::chrono::hours(std::stoi(*text)) + std::chrono::minutes(std::stoi(text->substr(3)));
}

void decode_time_zone(const Field& field, filters::Schedule& schedule) {
  schedule.time_zone = field.text().value_or("");
  if (field.is_rejected() || filters::is_time_zone(schedule.time_zone)) return;
  field.reject("there is no time zone '" + schedule.time_zone +
               "'; expected a name of the IANA time zone database, such as 'Europe/Berlin' or "
               "'UTC'");
}

}  // namespace

filters::Schedule decode_schedule(const Field& field) {
  filters::Schedule schedule;
  decode_time_zone(field.child("timeZone"), schedule);
  for (const Field& item : field.child("weekdays").items()) {
    if (const auto day = decode_word(item, weekdays)) schedule.weekdays.set(*day);
  }
  const Field start = field.child("startTime");
  const Field end = field.child("endTime");
  schedule.start = decode_time(start);
  schedule.end = decode_time(end);
  const bool are_times = start.text() && end.text() && !start.is_rejected() && !end.is_rejected();
  if (are_times && schedule.start == schedule.end)
    field.reject("`startTime` and `endTime` must differ; leave both out if the whole day is meant");
  return schedule;
}

}  // namespace sluice::crds
