// SPDX-License-Identifier: Apache-2.0
// What everything here that talks with an API server does the same way.
#pragma once

#include <string>

#include "kubernetes/connection.hpp"
#include "kubernetes/list_watch.hpp"

namespace sluice::proxy {

/// `role` is what an audit log shows besides the version: `node-agent`.
kubernetes::ConnectionSettings api_connection(const std::string& role);

/// Whether the server said no with this HTTP status.
bool is_status(const kubernetes::ApiFailure& failure, int code);

/// The first problem in a row, and then ever more seldom: an API server may be away for hours.
void log_problem(const std::string& resource, const kubernetes::Problem& problem);

}  // namespace sluice::proxy
