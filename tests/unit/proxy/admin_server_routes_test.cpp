// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_server_routes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;

namespace {

AdminReply get(const std::vector<AdminRoute>& routes, const std::string& path,
               const AdminParameters& parameters = {}) {
  for (const AdminRoute& route : routes)
    if (route.path == path) return route.make(parameters);
  FAIL("no route " << path);
  return {};
}

}  // namespace

TEST_CASE("readiness lists the checks that failed", "[proxy][admin]") {
  std::vector<std::string> failed{"no policies", "upstream cluster is down"};
  const auto routes =
      standard_routes({.explain = {}, .metrics = {}, .unreadiness = [&] { return failed; }});
  CHECK(get(routes, "/readyz").status == 503);
  CHECK(get(routes, "/readyz").body == "no policies\nupstream cluster is down\n");
  CHECK(get(routes, "/livez").status == 200);
  failed.clear();
  CHECK(get(routes, "/readyz").status == 200);
  CHECK(get(routes, "/readyz").body == "ok\n");
}

TEST_CASE("metrics have Prometheus's content type", "[proxy][admin]") {
  const auto routes =
      standard_routes({.explain = {}, .metrics = [] { return "a 1\n"; }, .unreadiness = {}});
  CHECK(get(routes, "/metrics").body == "a 1\n");
  CHECK(get(routes, "/metrics").content_type == "text/plain; version=0.0.4; charset=utf-8");
}

TEST_CASE("an explanation is asked for by parameters, and says which one is wrong",
          "[proxy][admin]") {
  ExplainRequest asked;
  const auto routes = standard_routes({.explain =
                                           [&](const ExplainRequest& request) {
                                             asked = request;
                                             return boost::json::object{{"action", "Deny"}};
                                           },
                                       .metrics = {},
                                       .unreadiness = {}});
  const auto reply = get(routes, "/api/v1/explain",
                         {{"namespace", "shop"},
                          {"podLabels", "app=web,tier=a"},
                          {"name", "WWW.example"},
                          {"type", "AAAA"}});
  CHECK(reply.body == "{\"action\":\"Deny\"}\n");
  CHECK(asked.workload.namespace_name == "shop");
  CHECK(asked.workload.labels.at("tier") == "a");
  CHECK(sluice::dns::to_text(asked.name) == "www.example.");
  CHECK(asked.type == sluice::dns::Type::aaaa);

  const auto problem = [&](const AdminParameters& parameters) {
    const auto refused = get(routes, "/api/v1/explain", parameters);
    CHECK(refused.status == 400);
    return refused.body;
  };
  CHECK(problem({{"name", "a.example"}}) == "`namespace` is missing: whose query is it?\n");
  CHECK(problem({{"namespace", "a"}}) == "`name` must be a domain name; found ''\n");
  CHECK(problem({{"namespace", "a"}, {"name", "a.example"}, {"podLabels", "app"}}) ==
        "`podLabels` must be like app=web,tier=front; found 'app'\n");
  CHECK(problem({{"namespace", "a"}, {"name", "a.example"}, {"type", "ADDRESS"}}) ==
        "`type` must be a query type such as AAAA; found 'ADDRESS'\n");
}
