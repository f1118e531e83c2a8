// SPDX-License-Identifier: Apache-2.0
// Goes through a recording, whatever its form: dnstap (Frame Streams, which begin with four zero
// octets) or a query log (lines of JSON), compressed with gzip or not. Nothing of it is kept, so a
// recording may be of any size.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "recordings/recorded_query.hpp"

namespace sluice::recordings {

struct ReadReport {
  std::uint64_t queries = 0;
  std::uint64_t bad = 0;
  /// Numbers of the first bad lines or frames, counted from 1.
  std::vector<std::uint64_t> first_bad;
  std::string failure;  ///< why it was not read to its end; empty if it was
};

/// How many of ReadReport::first_bad are kept.
inline constexpr std::size_t max_bad_numbers = 5;

/// Calls `visit` for every query. `path` "-" is standard input.
ReadReport read_recording(const std::string& path,
                          const std::function<void(const RecordedQuery&)>& visit);

}  // namespace sluice::recordings
