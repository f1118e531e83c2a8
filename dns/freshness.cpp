// SPDX-License-Identifier: Apache-2.0
#include "dns/freshness.hpp"

#include <algorithm>
#include <optional>

#include "dns/message.hpp"

namespace sluice::dns {

std::uint32_t freshness(std::span<const std::uint8_t> message) {
  std::optional<std::uint32_t> least;
  Section section = Section::answer;
  RecordReader records(message);
  while (const Record* record = records.next()) {
    if (record->section == Section::additional) break;
    if (least && record->section != section) break;
    section = record->section;
    least = std::min(least.value_or(record->ttl), record->ttl);
  }
  return least.value_or(0);
}

}  // namespace sluice::dns
