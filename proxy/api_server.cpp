// SPDX-License-Identifier: Apache-2.0
#include "proxy/api_server.hpp"

#include <bit>

#include "proxy/log.hpp"
#include "proxy/version.hpp"

namespace sluice::proxy {

kubernetes::ConnectionSettings api_connection(const std::string& role) {
  return {.user_agent = std::string("sluice/") + version + " (" + role + ')'};
}

bool is_status(const kubernetes::ApiFailure& failure, int code) {
  return failure.kind == kubernetes::FailureKind::status && failure.status.code == code;
}

void log_problem(const std::string& resource, const kubernetes::Problem& problem) {
  if (!std::has_single_bit(problem.count)) return;
  log::warn(
      "what the API server says is not up to date",
      {{"resource", resource}, {"failures", problem.count}, {"problem", problem.failure.text}});
}

}  // namespace sluice::proxy
