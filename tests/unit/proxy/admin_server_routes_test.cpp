// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_server_routes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;

namespace {

AdminReply get(const std::vector<AdminRoute>& routes, const std::string& path) {
  for (const AdminRoute& route : routes)
    if (route.path == path) return route.make();
  FAIL("no route " << path);
  return {};
}

}  // namespace

TEST_CASE("readiness lists the checks that failed", "[proxy][admin]") {
  std::vector<std::string> failed{"no policies", "upstream cluster is down"};
  const auto routes = standard_routes({[] { return ""; }, [&] { return failed; }});
  CHECK(get(routes, "/readyz").status == 503);
  CHECK(get(routes, "/readyz").body == "no policies\nupstream cluster is down\n");
  CHECK(get(routes, "/livez").status == 200);
  failed.clear();
  CHECK(get(routes, "/readyz").status == 200);
  CHECK(get(routes, "/readyz").body == "ok\n");
}

TEST_CASE("metrics have Prometheus's content type", "[proxy][admin]") {
  const auto routes = standard_routes({[] { return "a 1\n"; }, {}});
  CHECK(get(routes, "/metrics").body == "a 1\n");
  CHECK(get(routes, "/metrics").content_type == "text/plain; version=0.0.4; charset=utf-8");
}
