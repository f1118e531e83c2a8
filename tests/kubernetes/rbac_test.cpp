// SPDX-License-Identifier: Apache-2.0
// Who may do what with the roles of the chart: tenants whom somebody has bound to Kubernetes' own
// roles, and Sluice's two accounts with the tokens that their pods have.
#include <array>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/kubernetes/chart_accounts.hpp"
#include "tests/kubernetes/controllers.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::array kinds = {"clusterdnsfilters", "clusterdomainlists", "dnsfilters",
                              "dnstenants",        "dnsupstreams",       "domainlists"};
constexpr std::array tenants_kinds = {"dnsfilters", "domainlists"};
constexpr std::array clusters_kinds = {"clusterdnsfilters", "clusterdomainlists", "dnstenants",
                                       "dnsupstreams"};
constexpr std::array changes = {"create", "update", "patch", "delete", "deletecollection"};
constexpr std::array reads = {"get", "list", "watch"};

std::string ours(const std::string& kind) {
  return kind + ".sluice.dev";
}

std::string status_of(const std::string& kind) {
  return kind + "/status.sluice.dev";
}

void check(const ApiClient& who, const Action& action, bool expected) {
  INFO(action.verb << ' ' << action.resource << " in '" << action.namespace_name << '\'');
  CHECK(may(who, action) == expected);
}

/// Both kinds of a tenant, by all verbs of one sort.
template <typename Verbs>
void check_tenants_kinds(const ApiClient& who, const Verbs& verbs,
                         const std::string& namespace_name, bool expected) {
  for (const char* kind : tenants_kinds)
    for (const char* verb : verbs)
      check(who, {verb, ours(kind), namespace_name}, expected);
}

/// What no tenant has, however much its namespace is its own.
void check_not_the_platforms(const ApiClient& who, const std::string& own) {
  for (const char* kind : clusters_kinds)
    for (const char* verb : {"get", "list", "create", "patch", "delete"})
      check(who, {verb, ours(kind)}, false);
  for (const char* kind : kinds)
    for (const char* verb : {"update", "patch"})
      check(who, {verb, status_of(kind), own}, false);
  // Whoever labels namespaces decides whose they are.
  for (const char* verb : {"update", "patch", "delete", "create"})
    check(who, {verb, "namespaces", own}, false);
}

std::string rules_of(const ControlPlane& plane, const std::string& role) {
  const auto answer = plane.client().get("/apis/rbac.authorization.k8s.io/v1/clusterroles/" + role);
  return boost::json::serialize(answer.object().at("rules"));
}

void give_role(const ControlPlane& plane, const std::string& user, const std::string& role,
               const std::string& namespace_name) {
  const auto bound = plane.kubectl({"create", "rolebinding", user + '-' + role, "-n",
                                    namespace_name, "--clusterrole=" + role, "--user=" + user});
  INFO(bound.errors);
  REQUIRE(bound.exit_code == 0);
}

/// Three namespaces, in which alice has Kubernetes' roles admin, edit and view; bob has none of
/// them, and a namespace of his own.
struct Tenants {
  Tenants() {
    const Controllers controllers(plane, "clusterrole-aggregation-controller");
    REQUIRE(eventually(30s, [&] {
      return rules_of(plane, "admin").find("sluice.dev") != std::string::npos &&
             rules_of(plane, "view").find("sluice.dev") != std::string::npos;
    }));
    give_role(plane, "alice", "admin", administered);
    give_role(plane, "alice", "edit", edited);
    give_role(plane, "alice", "view", viewed);
    give_role(plane, "bob", "admin", bobs);
  }

  ControlPlane& plane = shared_control_plane();
  ChartAccounts accounts{plane};
  std::string administered = plane.make_namespace("administered");
  std::string edited = plane.make_namespace("edited");
  std::string viewed = plane.make_namespace("viewed");
  std::string bobs = plane.make_namespace("bobs");
  ApiClient alice = plane.client("alice");
  ApiClient bob = plane.client("bob");
};

std::string filters_of(const std::string& namespace_name) {
  return "/apis/sluice.dev/v1alpha1/namespaces/" + namespace_name + "/dnsfilters";
}

std::string lease_of(const std::string& namespace_name, const std::string& name) {
  return "/apis/coordination.k8s.io/v1/namespaces/" + namespace_name + "/leases/" + name;
}

/// As an agent says what its node serves: made where it is not there yet.
ApiAnswer apply_lease(const ApiClient& who, const std::string& namespace_name,
                      const std::string& name) {
  return who.apply(
      lease_of(namespace_name, name) + "?fieldManager=test&force=true",
      R"({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": ")" + name +
          R"("}, "spec": {"holderIdentity": "test"}})");
}

constexpr const char* filter = R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSFilter",
  "metadata": {"name": "own"},
  "spec": {"rules": [{"name": "ads", "action": "Deny", "domains": ["ads.example"]}]}})";

}  // namespace

TEST_CASE("Kubernetes' own roles say what tenants may do with filters", "[kubernetes][rbac]") {
  const Tenants tenants;
  const auto& alice = tenants.alice;
  check_tenants_kinds(alice, changes, tenants.administered, true);
  check_tenants_kinds(alice, reads, tenants.administered, true);
  // Who may deploy may not yet filter: `rbac.aggregateToEdit` would say so. `edit` has what `view`
  // has, reading.
  check_tenants_kinds(alice, changes, tenants.edited, false);
  check_tenants_kinds(alice, reads, tenants.edited, true);
  check_tenants_kinds(alice, changes, tenants.viewed, false);
  check_tenants_kinds(alice, reads, tenants.viewed, true);
  for (const auto& own : {tenants.administered, tenants.edited, tenants.viewed})
    check_not_the_platforms(alice, own);
  for (const std::string& others : {tenants.bobs, std::string("kube-system"), std::string()}) {
    check_tenants_kinds(alice, changes, others, false);
    check_tenants_kinds(alice, reads, others, false);
  }
  check_tenants_kinds(tenants.bob, reads, tenants.administered, false);
}

TEST_CASE("a tenant's token changes its own filters and nothing else", "[kubernetes][rbac]") {
  const Tenants tenants;
  const auto own = filters_of(tenants.administered);
  CHECK(tenants.alice.post(own, filter).status == 201);
  CHECK(tenants.alice.patch(own + "/own", R"({"spec": {"priority": 7}})").status == 200);
  CHECK(tenants.alice.get(own).status == 200);
  CHECK(tenants.bob.get(own + "/own").status == 403);
  CHECK(tenants.bob.remove(own + "/own").status == 403);
  CHECK(tenants.alice.post(filters_of(tenants.bobs), filter).status == 403);
  CHECK(tenants.alice.post(filters_of(tenants.edited), filter).status == 403);
  CHECK(tenants.alice.patch(own + "/own/status", R"({"status": {"conditions": []}})").status ==
        403);
  CHECK(tenants.alice
            .patch("/api/v1/namespaces/" + tenants.administered,
                   R"({"metadata": {"labels": {"tenant": "other"}}})")
            .status == 403);
  // Nobody gives away what they have not.
  const auto roles =
      "/apis/rbac.authorization.k8s.io/v1/namespaces/" + tenants.administered + "/roles";
  CHECK(tenants.alice
            .post(roles, R"({"metadata": {"name": "more"}, "rules": [
                {"apiGroups": ["sluice.dev"], "resources": ["dnsfilters/status"],
                 "verbs": ["patch"]}]})")
            .status == 403);
  CHECK(tenants.alice.remove(own + "/own").status == 200);
}

TEST_CASE("the chart can let editors filter", "[kubernetes][rbac]") {
  auto& plane = shared_control_plane();
  const ChartAccounts with_editors(plane, {"--set", "rbac.aggregateToEdit=true"});
  {
    const Controllers controllers(plane, "clusterrole-aggregation-controller");
    REQUIRE(eventually(30s, [&] {
      return rules_of(plane, "edit").find("deletecollection\",\"get") != std::string::npos &&
             rules_of(plane, "edit").find("dnsfilters") != std::string::npos;
    }));
    const auto own = plane.make_namespace("edited");
    give_role(plane, "alice", "edit", own);
    CHECK(eventually(
        10s, [&] { return may(plane.client("alice"), {"create", ours("dnsfilters"), own}); }));
    check_not_the_platforms(plane.client("alice"), own);
  }
  const ChartAccounts without(plane);
}

TEST_CASE("the agent's token reads what policy is made of and writes its lease",
          "[kubernetes][rbac]") {
  auto& plane = shared_control_plane();
  const ChartAccounts accounts(plane);
  const ApiClient agent = accounts.client("sluice-agent");
  const std::string leases = "leases.coordination.k8s.io";
  const std::string& own = accounts.namespace_name();
  const auto shop = plane.make_namespace("shop");
  for (const char* verb : {"list", "watch"}) {
    for (const char* kind : kinds)
      check(agent, {verb, ours(kind)}, true);
    check(agent, {verb, "pods"}, true);
    check(agent, {verb, "namespaces"}, true);
  }
  check(agent, {"create", leases, own}, true);
  check(agent, {"patch", leases, own}, true);
  for (const char* verb : {"get", "list", "watch", "update", "delete"})
    check(agent, {verb, leases, own}, false);
  check(agent, {"patch", leases, shop}, false);
  for (const char* verb : changes) {
    for (const char* kind : kinds) {
      check(agent, {verb, ours(kind), shop}, false);
      check(agent, {verb, status_of(kind), shop}, false);
    }
    for (const char* resource :
         {"pods", "namespaces", "configmaps", "secrets", "serviceaccounts", "events.events.k8s.io",
          "roles.rbac.authorization.k8s.io", "daemonsets.apps", "nodes"})
      check(agent, {verb, resource, own}, false);
  }
  const std::array others = {
      Action{"get", "secrets", own},
      Action{"list", "secrets"},
      Action{"list", "secrets", own},
      Action{"get", "configmaps", own},
      Action{"list", "configmaps"},
      Action{"get", "nodes"},
      Action{"list", "nodes"},
      Action{"get", "nodes/proxy"},
      Action{"create", "pods/exec", shop},
      Action{"create", "serviceaccounts/token", own},
      Action{"get", "pods", shop},
      Action{"get", "pods/log", shop},
      Action{"list", "services"},
      Action{"list", "endpointslices.discovery.k8s.io"},
      Action{"impersonate", "users"},
  };
  for (const Action& action : others)
    check(agent, action, false);
}

TEST_CASE("an agent writes the lease of its own node and no other", "[kubernetes][rbac]") {
  auto& plane = shared_control_plane();
  const ChartAccounts accounts(plane);
  const std::string& own = accounts.namespace_name();
  const std::string node = own + "-node";
  (void)plane.client()
      .post(
          "/api/v1/namespaces/" + own + "/pods",
          R"({"metadata": {"name": "agent"}, "spec": {"serviceAccountName": "sluice-agent", "nodeName": ")" +
              node + R"(", "containers": [{"name": "agent", "image": "example.test/none"}]}})")
      .object();
  const ApiClient agent = accounts.client("sluice-agent", "agent");
  const auto is_refused = [&](const ApiClient& who, const std::string& name) {
    const auto answer = apply_lease(who, own, name);
    return answer.status == 403 &&
           answer.text.find("must be the lease of the node") != std::string::npos;
  };
  // A policy is in force some moments after it was created.
  REQUIRE(eventually(10s, [&] { return is_refused(agent, "sluice-node-other"); }));
  CHECK(apply_lease(agent, own, "sluice-node-" + node).status == 201);
  CHECK(apply_lease(agent, own, "sluice-node-" + node).status == 200);
  CHECK(is_refused(agent, "sluice-controller"));
  CHECK(apply_lease(plane.client(), own, "sluice-controller").status == 201);
  CHECK(is_refused(agent, "sluice-controller"));
  // A token that is bound to no pod says nothing of a node.
  CHECK(is_refused(accounts.client("sluice-agent"), "sluice-node-" + node));
}

TEST_CASE("the controller's token writes status and events and reads no pods",
          "[kubernetes][rbac]") {
  auto& plane = shared_control_plane();
  const ChartAccounts accounts(plane);
  const ApiClient controller = accounts.client("sluice-controller");
  const std::string& own = accounts.namespace_name();
  const auto shop = plane.make_namespace("shop");
  for (const char* kind : kinds) {
    for (const char* verb : {"list", "watch"})
      check(controller, {verb, ours(kind)}, true);
    check(controller, {"patch", status_of(kind), shop}, true);
    check(controller, {"update", status_of(kind), shop}, false);
    for (const char* verb : changes)
      check(controller, {verb, ours(kind), shop}, false);
  }
  check(controller, {"create", "events.events.k8s.io", shop}, true);
  check(controller, {"create", "leases.coordination.k8s.io", own}, true);
  check(controller, {"create", "leases.coordination.k8s.io", shop}, false);
  check(controller, {"update", "leases.coordination.k8s.io", own}, false);  // of others' names
  for (const char* resource : {"pods", "secrets", "configmaps", "nodes", "serviceaccounts"})
    for (const char* verb : {"get", "list", "update", "delete"})
      check(controller, {verb, resource, shop}, false);
  for (const char* verb : changes)
    check(controller, {verb, "namespaces", shop}, false);
  check(controller, {"list", "secrets", own}, false);
  check(controller, {"patch", "validatingwebhookconfigurations.admissionregistration.k8s.io"},
        false);  // but for its own, by name
}

}  // namespace sluice::tests
