// SPDX-License-Identifier: Apache-2.0
// The webhook of the real controller, with a certificate that it makes itself: settings and rights
// are those that are shipped, but for addresses. Whoever is asked about is a tenant that may deny,
// and may have one filter.
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kubernetes/webhook_secret.hpp"
#include "tests/kubernetes/controller_program.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

constexpr auto patience = 30s;
const std::string deploy = std::string(SLUICE_SOURCE_DIR) + "/deploy/kustomize/";
const std::string configuration =
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/sluice-validating";
constexpr const char* refusal =
    "denied the request: spec.rules[0].action: Allow is not delegated to tenant '";
constexpr const char* full = "has no room for another filter: `delegation.maxFilters` is 1";

std::string read_text(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Fails where there is nothing to replace: what is shipped has changed then.
void replace(std::string& text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  INFO(from << " in " << text);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
}

std::string url_of(const ControllerProgram& controller) {
  return "https://127.0.0.1:" + std::to_string(controller.port("webhookPort")) + "/validate";
}

class World {
 public:
  World() {
    account.allow_webhook();
    std::string tenant = R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSTenant",
      "metadata": {"name": "$SHOP"}, "spec": {"namespaceSelector": {"matchLabels":
      {"kubernetes.io/metadata.name": "$SHOP"}}, "delegation": {"allowedActions": ["Deny"],
      "maxFilters": 1}}})";
    replace(tenant, "$SHOP", shop);
    replace(tenant, "$SHOP", shop);
    (void)plane.client().post("/apis/sluice.dev/v1alpha1/dnstenants", tenant).object();
  }
  ~World() {
    (void)plane.client().remove(configuration);
    (void)plane.client().remove("/apis/sluice.dev/v1alpha1/dnstenants/" + shop);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// The section of the settings that are shipped.
  [[nodiscard]] std::string settings() const {
    std::string text = read_text(deploy + "controller/controller.yaml");
    text = text.substr(text.find("webhook:"), text.find("log:") - text.find("webhook:"));
    replace(text, "address: 0.0.0.0", "address: 127.0.0.1");
    replace(text, "port: 9443", "port: 0");
    replace(text, "serverName: sluice-webhook.sluice-system.svc", "serverName: 127.0.0.1");
    return text;
  }
  /// The configuration that is shipped, asking `url` about this test's namespace.
  void configure(const std::string& url, const std::string& failure_policy) const {
    std::string text = read_text(deploy + "webhook/manifests.yaml");
    const std::string service =
        "service: {name: sluice-webhook, namespace: sluice-system, path: /validate, port: 443}";
    replace(text, service, "url: " + url);
    replace(text, "failurePolicy: Ignore", "failurePolicy: " + failure_policy);
    replace(text, "operator: NotIn", "operator: In");
    replace(text, "values: [kube-system, sluice-system]", "values: [" + shop + "]");
    const std::string collection = configuration.substr(0, configuration.rfind('/'));
    (void)plane.client().post(collection, text).object();
  }
  void ask(const std::string& url) const {
    plane.directory().write("url.json", R"({"webhooks": [{"name": "filters.sluice.dev",
      "clientConfig": {"url": ")" + url + R"("}}]})");
    const auto outcome =
        plane.kubectl({"patch", "validatingwebhookconfiguration", "sluice-validating",
                       "--type=strategic", "--patch-file=url.json"});
    INFO(outcome.errors);
    REQUIRE(outcome.exit_code == 0);
  }
  /// What the API server says to a filter.
  [[nodiscard]] ApiAnswer post(const std::string& name, const std::string& action,
                               const std::string& query = "") const {
    return plane.client().post(filters() + query,
                               "{apiVersion: sluice.dev/v1alpha1, kind: DNSFilter, metadata: "
                               "{name: " +
                                   name + "}, spec: {rules: [{name: r, action: " + action +
                                   ", domains: [a.example]}]}}");
  }
  [[nodiscard]] bool refuses() const {
    return eventually(patience, [&] {
      return post("probe", "Allow", "?dryRun=All").text.find(refusal) != std::string::npos;
    });
  }
  [[nodiscard]] std::string filters() const {
    return "/apis/sluice.dev/v1alpha1/namespaces/" + shop + "/dnsfilters";
  }
  [[nodiscard]] kubernetes::WebhookSecret secret() const {
    const auto answer = plane.client().get(kubernetes::secret_target(secret_name()));
    return kubernetes::read_webhook_secret(answer.object().as_object()).value();
  }
  [[nodiscard]] kubernetes::SecretName secret_name() const {
    return {account.namespace_name(), "sluice-webhook"};
  }

  ControlPlane& plane = shared_control_plane();
  ControllerAccount account{plane};
  std::string shop = plane.make_namespace("shop");
};

}  // namespace

TEST_CASE("a controller's webhook refuses with a sentence what a tenant may not have",
          "[kubernetes][webhook]") {
  const World world;
  ControllerProgram first(world.account, "first", world.settings());
  ControllerProgram second(world.account, "second", world.settings());
  INFO(first.log() << second.log());
  world.configure(url_of(first), "Ignore");
  REQUIRE(world.refuses());

  REQUIRE(world.post("web", "Deny").status == 201);
  CHECK(eventually(patience, [&] {
    const auto refused = world.post("more", "Deny", "?dryRun=All");
    return refused.status == 422 && refused.text.find(full) != std::string::npos;
  }));
  const auto edited = world.plane.client().patch(
      world.filters() + "/web", R"({"spec": {"rules": [{"name": "r", "action": "Allow",
                                   "domains": ["a.example"]}]}})");
  CHECK(edited.status == 422);
  CHECK_THAT(edited.text, ContainsSubstring(refusal));

  // The other replica, leader or not, has the same certificate and the same answers.
  world.ask(url_of(second));
  CHECK(world.refuses());
  const auto asked = [](const ControllerProgram& controller) {
    return controller.get("/metrics")
               .find(
                   "sluice_admission_requests_total{kind=\"DNSFilter\",operation=\"CREATE\","
                   "allowed=\"false\",reason=\"ActionNotDelegated\"}") != std::string::npos;
  };
  CHECK(asked(first));
  CHECK(eventually(patience, [&] { return asked(second); }));
  for (const auto* controller : {&first, &second}) {
    CHECK_THAT(controller->get("/readyz"), ContainsSubstring("200 OK"));
    CHECK(controller->log().find("PRIVATE KEY") == std::string::npos);
  }
}

TEST_CASE("a certificate is renewed without an object that goes unjudged",
          "[kubernetes][webhook]") {
  const World world;
  const auto now = std::chrono::system_clock::now();
  const auto old = kubernetes::issue_certificate("127.0.0.1", now, now + std::chrono::days(10));
  (void)world.plane.client()
      .post(kubernetes::secrets_target(world.secret_name()),
            kubernetes::webhook_secret_body(world.secret_name(),
                                            {.authorities = old.authority, .serving = old.pair}))
      .object();
  const ControllerProgram first(world.account, "first", world.settings());
  const ControllerProgram second(world.account, "second", world.settings());
  INFO(first.log() << second.log());
  world.configure(url_of(first), "Fail");
  REQUIRE(world.refuses());

  std::size_t asked = 0;
  const bool is_renewed = eventually(120s, [&] {
    for (const ControllerProgram* controller : {&first, &second}) {
      world.ask(url_of(*controller));
      const auto answer = world.post("probe", "Allow", "?dryRun=All");
      CHECK_THAT(answer.text, ContainsSubstring(refusal));
      ++asked;
    }
    const auto secret = world.secret();
    return secret.serving != old.pair && !secret.next;
  });
  REQUIRE(is_renewed);
  CHECK(asked >= 4);  // how often within half a minute depends on the machine
  const auto after = world.secret();
  CHECK(kubernetes::current_certificates(after.authorities, now).size() == 2);
  // Both show it before long.
  for (const ControllerProgram* controller : {&first, &second}) {
    CHECK(eventually(patience, [&] {
      const std::string page = controller->get("/metrics");
      const std::string name = "\nsluice_webhook_certificate_not_after_seconds ";
      const auto at = page.find(name);
      if (at == std::string::npos) return false;
      const std::chrono::duration<double> until{std::stod(page.substr(at + name.size()))};
      return until > (now + std::chrono::days(80)).time_since_epoch();
    }));
    world.ask(url_of(*controller));
    CHECK(world.refuses());
  }
}

TEST_CASE("a bundle that somebody takes away is put back", "[kubernetes][webhook]") {
  const World world;
  const ControllerProgram controller(world.account, "only", world.settings());
  INFO(controller.log());
  world.configure(url_of(controller), "Fail");
  REQUIRE(world.refuses());
  (void)world.plane.client().remove(configuration);
  world.configure(url_of(controller), "Fail");
  CHECK(world.refuses());
}

TEST_CASE("without a webhook what is not delegated is stored, and told in its status",
          "[kubernetes][webhook]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  REQUIRE(world.post("web", "Allow").status == 201);
  std::string conditions;
  const bool is_told = eventually(patience, [&] {
    const auto object = world.plane.client().get(world.filters() + "/web").object();
    conditions = boost::json::serialize(object.at("status").at("conditions"));
    return conditions.find("ActionNotDelegated") != std::string::npos;
  });
  INFO(conditions << controller.log());
  CHECK(is_told);
  CHECK_THAT(conditions, ContainsSubstring("Allow is not delegated to tenant '" + world.shop));
}

}  // namespace sluice::tests
