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

TEST_CASE("an explanation is asked for by parameters, and says why there is none",
          "[proxy][admin]") {
  ExplainRequest asked;
  std::optional<ExplainResult> result = boost::json::object{{"action", "Deny"}};
  const auto routes = standard_routes({.explain =
                                           [&](const ExplainRequest& request) {
                                             asked = request;
                                             return result;
                                           },
                                       .metrics = {},
                                       .unreadiness = {}});
  const auto explain = [&](const AdminParameters& parameters) {
    return get(routes, "/api/v1/explain", parameters);
  };
  AdminParameters parameters{
      {"namespace", "shop"}, {"podLabels", "app=web"}, {"name", "a.example"}, {"type", "AAAA"}};
  CHECK(explain(parameters).body == "{\"action\":\"Deny\"}\n");
  CHECK(std::get<sluice::filters::Workload>(asked.asker).labels.at("app") == "web");
  CHECK(asked.type == sluice::dns::Type::aaaa);
  explain({{"pod", "shop/web"}, {"name", "a.example"}});
  CHECK(std::get<PodName>(asked.asker).name == "web");
  explain({{"client", "10.0.0.1"}, {"name", "a.example"}});
  CHECK(std::get<sluice::filters::Address>(asked.asker).is_v4());

  CHECK(explain({{"namespace", "a"}}).status == 400);
  CHECK(explain({{"namespace", "a"}}).body == "`name` must be a domain name; found ''\n");
  result = ExplainResult("nobody is known there");
  CHECK(explain(parameters).status == 404);
  CHECK(explain(parameters).body == "nobody is known there\n");
  result.reset();
  CHECK(explain(parameters).status == 503);
}
