// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/control_plane.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr const char* who_am_i = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
constexpr const char* nobody_yet =
    R"({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})";

std::string name_of(const ApiClient& client) {
  return std::string(client.post(who_am_i, nobody_yet)
                         .object()
                         .at("status")
                         .at("userInfo")
                         .at("username")
                         .as_string());
}

std::string config_maps_of(const std::string& namespace_name) {
  return "/api/v1/namespaces/" + namespace_name + "/configmaps";
}

void create_config_map(const ControlPlane& plane, const std::string& namespace_name,
                       const std::string& name) {
  const auto created =
      plane.client().post(config_maps_of(namespace_name), "metadata: {name: " + name + "}");
  CHECK(created.status == 201);
}

}  // namespace

TEST_CASE("the control plane is the release that it was built from", "[kubernetes]") {
  const auto version = shared_control_plane().client().get("/version").object();
  CHECK(version.at("major") == "1");
  CHECK(version.at("minor") == "34");
  CHECK(version.at("gitVersion").as_string().starts_with("v1.34."));
}

TEST_CASE("users have the rights of their groups and no more", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  CHECK(plane.client("admin").get(config_maps_of(shop)).status == 200);
  CHECK(plane.client("alice").get(config_maps_of(shop)).status == 403);
  CHECK(plane.client("nobody").get(config_maps_of(shop)).status == 401);
  CHECK(ApiClient(plane.address(), "").get("/readyz").status == 200);
  const auto denied = plane.kubectl({"get", "configmaps", "-n", shop}, "alice");
  CHECK(denied.exit_code == 1);
  CHECK(denied.errors.find("User \"alice\" cannot list resource") != std::string::npos);
}

TEST_CASE("a bound token is a service account's, and dies with it", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  const auto accounts = "/api/v1/namespaces/" + shop + "/serviceaccounts";
  REQUIRE(plane.client().post(accounts, "metadata: {name: agent}").status == 201);
  const ApiClient agent(plane.address(), plane.make_token(shop, "agent"));
  // Not used before the account is gone: the server remembers for ten seconds what it found good.
  const ApiClient late(plane.address(), plane.make_token(shop, "agent"));
  CHECK(name_of(agent) == "system:serviceaccount:" + shop + ":agent");
  REQUIRE(plane.client().remove(accounts + "/agent").status == 200);
  CHECK(late.post(who_am_i, nobody_yet).status == 401);
}

TEST_CASE("a client certificate is a user's", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto files = plane.make_client_certificate("carol");
  const auto address = plane.address();
  const auto answer = plane.kubectl({"--kubeconfig=/dev/null",
                                     "--server=https://127.0.0.1:" + std::to_string(address.port),
                                     "--certificate-authority=" + address.authority.string(),
                                     "--client-certificate=" + files.certificate_file.string(),
                                     "--client-key=" + files.private_key_file.string(), "auth",
                                     "whoami", "-o", "jsonpath={.status.userInfo.username}"});
  INFO(answer.errors);
  CHECK(answer.output == "carol");
}

TEST_CASE("what was written is there after the API server and etcd were killed", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  create_config_map(plane, shop, "before");
  const auto port = plane.address().port;
  plane.kill_api_server();
  CHECK_FALSE(plane.is_ready());
  plane.kill_etcd();
  plane.restart();
  CHECK(plane.address().port == port);
  CHECK(plane.client().get(config_maps_of(shop) + "/before").status == 200);
}

TEST_CASE("the API server outlives its etcd and is ready when that is back", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  plane.kill_etcd();
  CHECK(eventually(10s, [&] { return !plane.is_ready(); }));
  plane.restart();
  create_config_map(plane, shop, "after");
}

TEST_CASE("a watch from before the API server's restart is answered with 410", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  const auto before = plane.client().get(config_maps_of(shop)).object();
  const auto version = std::string(before.at("metadata").at("resourceVersion").as_string());
  create_config_map(plane, shop, "unseen");
  plane.kill_api_server();
  plane.restart();
  const auto watch = plane.client().get(config_maps_of(shop) +
                                        "?watch=1&timeoutSeconds=2&resourceVersion=" + version);
  const auto event = watch.json();
  CHECK(event.at("type") == "ERROR");
  CHECK(event.at("object").at("code") == 410);
}

// With an etcd before 3.4.31 or 3.5.13 the answer is an error 500 inside of the stream.
TEST_CASE("a watch may begin with all that is there", "[kubernetes]") {
  auto& plane = shared_control_plane();
  const auto shop = plane.make_namespace("shop");
  create_config_map(plane, shop, "there");
  const auto watch =
      plane.client().get(config_maps_of(shop) +
                         "?watch=1&timeoutSeconds=1&sendInitialEvents=true"
                         "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
  const auto end_of_first = watch.text.find('\n');
  const auto first = boost::json::parse(watch.text.substr(0, end_of_first));
  CHECK(first.at("type") == "ADDED");
  CHECK(first.at("object").at("metadata").at("name") == "there");
  CHECK(watch.text.find("k8s.io/initial-events-end", end_of_first) != watch.text.npos);
}

}  // namespace sluice::tests
