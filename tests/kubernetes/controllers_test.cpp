// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/controllers.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr const char* roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";

constexpr const char* whole = R"(metadata: {name: controllers-whole}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part-of: controllers-whole}}]}
rules: [])";

constexpr const char* part =
    R"(metadata: {name: controllers-part, labels: {part-of: controllers-whole}}
rules: [{apiGroups: [sluice.dev], resources: [dnsfilters], verbs: [get]}])";

}  // namespace

TEST_CASE("controllers do their work as long as they run", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto admin = plane.client();
  const auto shop = plane.make_namespace("shop");
  const auto lists = "/apis/sluice.dev/v1alpha1/namespaces/" + shop + "/domainlists";
  REQUIRE(admin
              .post(lists,
                    "apiVersion: sluice.dev/v1alpha1\nkind: DomainList\n"
                    "metadata: {name: l}\nspec: {entries: [a.example]}")
              .status == 201);
  REQUIRE(admin.remove("/api/v1/namespaces/" + shop).status == 200);
  CHECK(admin.get(lists + "/l").status == 200);
  REQUIRE(admin.post(roles, whole).status == 201);
  REQUIRE(admin.post(roles, part).status == 201);

  const Controllers controllers(plane, "namespace-controller,clusterrole-aggregation-controller");
  const bool namespace_goes =
      eventually(30s, [&] { return admin.get("/api/v1/namespaces/" + shop).status == 404; });
  const bool role_grows = eventually(30s, [&] {
    const auto role = admin.get(std::string(roles) + "/controllers-whole").object();
    return role.at("rules").as_array().size() == 1;
  });
  INFO(controllers.log());
  CHECK(namespace_goes);
  CHECK(role_grows);
  CHECK(admin.get(lists + "/l").status == 404);
  CHECK(admin.remove(std::string(roles) + "/controllers-whole").status == 200);
  CHECK(admin.remove(std::string(roles) + "/controllers-part").status == 200);
}

}  // namespace sluice::tests
