// SPDX-License-Identifier: Apache-2.0
// Frames of a dnstap file. What resolvers and authoritative servers exchange behind the scenes may
// be in there too; only what clients asked counts.
//
// A server that records questions and answers writes each question twice. So answers count only as
// long as no question has been seen: at the beginning of a file that was cut, and in recordings of
// answers alone.
#pragma once

#include <cstdint>
#include <span>

#include "recordings/recorded_query.hpp"

namespace sluice::recordings {

/// Knows what the frames before said: one for each file.
class DnstapDecoder {
 public:
  /// Fills `query` if the frame is a client's question.
  RecordKind decode(std::span<const std::uint8_t> frame, RecordedQuery& query);

 private:
  bool has_questions_ = false;
};

}  // namespace sluice::recordings
