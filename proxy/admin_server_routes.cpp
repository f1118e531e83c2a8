// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_server_routes.hpp"

#include <utility>

namespace sluice::proxy {
namespace {

constexpr const char* prometheus_text = "text/plain; version=0.0.4; charset=utf-8";

AdminReply ok() {
  AdminReply reply;
  reply.body = "ok\n";
  return reply;
}

AdminReply readiness_reply(const std::vector<std::string>& failed_checks) {
  if (failed_checks.empty()) return ok();
  AdminReply reply;
  reply.status = 503;
  for (const std::string& check : failed_checks)
    reply.body += check + "\n";
  return reply;
}

}  // namespace

std::vector<AdminRoute> standard_routes(AdminSources sources) {
  return {
      {"/livez", ok},
      {"/metrics",
       [make = std::move(sources.metrics)] { return AdminReply{200, prometheus_text, make()}; }},
      {"/readyz", [check = std::move(sources.unreadiness)] { return readiness_reply(check()); }},
  };
}

}  // namespace sluice::proxy
