// SPDX-License-Identifier: Apache-2.0
// Lines of Sluice's query log (docs/query-log.md): JSON objects with `"message":"query"`. Other log
// lines may stand between them.
//
//   {"time":"2026-03-01T12:00:00.125Z","level":"info","message":"query","tenant":"shop",
//    "namespace":"shop-prod","client":"10.0.1.5","name":"ads.example.","type":"A","action":"deny",
//    "filter":"shop-prod/no-ads","rule":"ads","rcode":"NXDOMAIN", ...}
#pragma once

#include <string_view>

#include "recordings/recorded_query.hpp"

namespace sluice::recordings {

/// Fills `query` if the line is one. Fields that are not needed may be missing or anything.
RecordKind parse_query_log_line(std::string_view line, RecordedQuery& query);

}  // namespace sluice::recordings
