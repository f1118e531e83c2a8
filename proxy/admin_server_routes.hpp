// SPDX-License-Identifier: Apache-2.0
// The pages that every AdminServer has: /livez, /metrics and /readyz; an agent's also
// /api/v1/explain.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proxy/admin_server.hpp"
#include "proxy/explain.hpp"

namespace sluice::proxy {

/// Where the pages get what they show. Called on the admin server's thread.
struct AdminSources {
  /// What explain() reports; nothing while the process ends. Empty: there is no such page.
  std::function<std::optional<ExplainResult>(const ExplainRequest&)> explain;
  std::function<std::string()> metrics;                   ///< Prometheus's text format
  std::function<std::vector<std::string>()> unreadiness;  ///< one line for each failed check
};

/// /livez says that the process runs and nothing else: a restart cures no missing policy.
std::vector<AdminRoute> standard_routes(AdminSources sources);

}  // namespace sluice::proxy
