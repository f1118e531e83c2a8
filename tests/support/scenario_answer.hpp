// SPDX-License-Identifier: Apache-2.0
// What a scenario says of messages: responses to be sent and answers to be compared.
#pragma once

#include <yaml-cpp/yaml.h>

#include "tests/support/test_message.hpp"

namespace sluice::tests {

/// {rcode: NXDOMAIN, flags: ra ad, answer: [...], authority: [...], additional: [...]}
Response response_of(const YAML::Node& node);

/// Compares an answer with what a step says of it. TTLs may be lower by `ttl_slack` seconds. Throws
/// ScenarioFailure with the first difference.
void compare_answer(const YAML::Node& step, const Octets& query, const Octets& answer,
                    std::uint32_t ttl_slack);

}  // namespace sluice::tests
