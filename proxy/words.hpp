// SPDX-License-Identifier: Apache-2.0
// How metrics and the query log spell enumerators. Dashboards know these words: they never change.
#pragma once

#include <array>
#include <string_view>

#include "filters/policy.hpp"
#include "proxy/counters.hpp"

namespace sluice::proxy {

inline constexpr std::array<std::string_view, transport_count> protos{"udp", "tcp", "tls", "https"};
inline constexpr std::array<std::string_view, answer_source_count> answer_sources{
    "policy", "cache", "stale", "upstream", "error"};
inline constexpr std::array<std::string_view, 6> actions{"allow", "deny", "rewrite",
                                                         "audit", "pass", "strip"};

constexpr std::string_view word(Transport transport) {
  return protos.at(static_cast<std::size_t>(transport));
}
constexpr std::string_view word(AnswerSource source) {
  return answer_sources.at(static_cast<std::size_t>(source));
}
constexpr std::string_view word(filters::Action action) {
  return actions.at(static_cast<std::size_t>(action));
}

}  // namespace sluice::proxy
