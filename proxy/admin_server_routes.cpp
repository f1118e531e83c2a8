// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_server_routes.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

namespace sluice::proxy {
namespace {

constexpr const char* prometheus_text = "text/plain; version=0.0.4; charset=utf-8";

AdminReply plain(unsigned status, const std::string& text) {
  AdminReply reply;
  reply.status = status;
  reply.body = text + '\n';
  return reply;
}

AdminReply ok() {
  return plain(200, "ok");
}

AdminReply readiness_reply(const std::vector<std::string>& failed_checks) {
  if (failed_checks.empty()) return ok();
  AdminReply reply;
  reply.status = 503;
  for (const std::string& check : failed_checks)
    reply.body += check + "\n";
  return reply;
}

std::string parameter(const AdminParameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

AdminReply explain_reply(const AdminParameters& parameters,
                         const decltype(AdminSources::explain)& explain) {
  const auto request = make_explain_request({.namespace_name = parameter(parameters, "namespace"),
                                             .pod = parameter(parameters, "pod"),
                                             .client = parameter(parameters, "client"),
                                             .pod_labels = parameter(parameters, "podLabels"),
                                             .name = parameter(parameters, "name"),
                                             .type = parameter(parameters, "type")});
  if (!request) return plain(400, request.error());
  const auto report = explain(*request);
  if (!report) return plain(503, "shutting down");
  if (!*report) return plain(404, report->error());
  return {200, "application/json", boost::json::serialize(**report) + '\n'};
}

}  // namespace

std::vector<AdminRoute> standard_routes(AdminSources sources) {
  std::vector<AdminRoute> routes = {
      {"/livez", [](const AdminParameters&) { return ok(); }},
      {"/metrics",
       [make = std::move(sources.metrics)](const AdminParameters&) {
         return AdminReply{200, prometheus_text, make()};
       }},
      {"/readyz", [check = std::move(sources.unreadiness)](
                      const AdminParameters&) { return readiness_reply(check()); }},
  };
  if (sources.explain)
    routes.push_back({"/api/v1/explain",
                      [explain = std::move(sources.explain)](const AdminParameters& parameters) {
                        return explain_reply(parameters, explain);
                      }});
  return routes;
}

}  // namespace sluice::proxy
