// SPDX-License-Identifier: Apache-2.0
// Lines of Sluice's query log: JSON objects with `"msg":"query"`. Other log lines may stand between
// them.
//
//   {"ts":"2026-03-01T12:00:00Z","msg":"query","namespace":"shop","client":"10.0.1.5",
//    "name":"www.example.","type":"A","action":"Deny","rule":"shop/no-ads/ads","rcode":"NXDOMAIN"}
#pragma once

#include <string_view>

#include "recordings/recorded_query.hpp"

namespace sluice::recordings {

/// Fills `query` if the line is one. Fields that are not needed may be missing or anything.
RecordKind parse_query_log_line(std::string_view line, RecordedQuery& query);

}  // namespace sluice::recordings
