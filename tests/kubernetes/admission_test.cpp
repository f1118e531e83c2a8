// SPDX-License-Identifier: Apache-2.0
// The webhook as a real API server asks it, and what people see of that.
#include <fstream>
#include <iterator>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <openssl/evp.h>

#include "kubernetes/admission_server.hpp"
#include "tests/kubernetes/control_plane.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

constexpr auto patience = 20s;
constexpr const char* configurations =
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

std::string base64_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::string encoded(4 * (text.size() / 3 + 1) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  return encoded.substr(0, static_cast<std::size_t>(size));
}

/// The server on a thread of its own.
class Webhook {
 public:
  Webhook(const config::ServerTls& files, std::vector<crds::Source> sources)
      : sources_(std::make_shared<crds::Sources>(std::move(sources))),
        server_(
            context_.get_executor(),
            {.address = "127.0.0.1",
             .port = 0,
             .certificate =
                 kubernetes::certificate_files(files.certificate_file, files.private_key_file)},
            {.sources = [this] { return sources_; },
             .on_problem = [](const std::string& problem) { throw std::logic_error(problem); }}) {
    if (const auto problem = server_.start()) FAIL(*problem);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Webhook() { end(); }
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  /// As if its pod were gone; what it counted stays.
  void end() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    server_.stop();
  }
  [[nodiscard]] kubernetes::AdmissionMetrics metrics() const { return server_.metrics(); }

 private:
  kubernetes::Snapshot sources_;
  boost::asio::io_context context_{1};
  kubernetes::AdmissionServer server_;
  std::thread thread_;
};

/// A control plane that asks the webhook, as the chart has it, about one namespace and about
/// objects without one.
class World {
 public:
  explicit World(const std::string& failure_policy = "Ignore") {
    failure_policy_ = failure_policy;
    ask_again();
  }
  ~World() { ask_about_nothing(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Configurations take effect within a second or so.
  void ask_again() const {
    (void)plane.client().post(configurations, configuration(failure_policy_)).object();
    const bool is_asked = eventually(patience, [&] {
      const auto outcome = apply(filter("probe", "Allow"), {"--dry-run=server"});
      return outcome.errors.find("denied the request") != std::string::npos;
    });
    REQUIRE(is_asked);
  }
  void ask_about_nothing() const {
    (void)plane.client().remove(std::string(configurations) + "/sluice-validating");
  }
  [[nodiscard]] Outcome apply(const std::string& object,
                              const std::vector<std::string>& more = {}) const {
    plane.directory().write("object.yaml", object);
    std::vector<std::string> arguments{"apply", "-f", "object.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return plane.kubectl(arguments);
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return plane.kubectl({"get", "dnsfilter", name, "-n", shop}).exit_code == 0;
  }
  [[nodiscard]] std::string filter(const std::string& name, const std::string& action) const {
    return filter_with(name, "[{name: r, action: " + action + ", domains: [a.example]}]");
  }
  [[nodiscard]] std::string filter_with(const std::string& name, const std::string& rules) const {
    return "{apiVersion: sluice.dev/v1alpha1, kind: DNSFilter, metadata: {name: " + name +
           ", namespace: " + shop + "}, spec: {rules: " + rules + "}}\n";
  }

  ControlPlane& plane = shared_control_plane();
  std::string shop = plane.make_namespace("shop");
  CertificateAuthority authority{plane.directory().path() / (shop + "-webhook")};
  Webhook webhook{authority.issue({.names = {"127.0.0.1"}}), {tenant()}};

 private:
  std::string failure_policy_;

  /// May only deny, which the API server knows nothing of.
  [[nodiscard]] crds::Source tenant() const {
    return {.path = "tenant",
            .text =
                "{apiVersion: sluice.dev/v1alpha1, kind: DNSTenant, metadata: {name: acme}, "
                "spec: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " +
                shop + "}}, delegation: {allowedActions: [Deny]}}}"};
  }
  [[nodiscard]] std::string configuration(const std::string& failure_policy) const {
    return R"(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: sluice-validating}
webhooks:
  - name: filters.sluice.dev
    admissionReviewVersions: [v1]
    sideEffects: None
    matchPolicy: Equivalent
    failurePolicy: )" +
           failure_policy + R"(
    timeoutSeconds: 5
    clientConfig:
      url: https://127.0.0.1:)" +
           std::to_string(webhook.port()) + R"(/validate
      caBundle: )" +
           base64_of(authority.file()) + R"(
    rules:
      - apiGroups: [sluice.dev]
        apiVersions: ["*"]
        operations: [CREATE, UPDATE]
        resources: [dnsfilters, clusterdnsfilters, domainlists, clusterdomainlists, dnstenants, dnsupstreams]
        scope: "*"
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: )" +
           shop + R"yaml(}}
    matchConditions:
      - name: not-garbage-collector
        expression: "!('system:serviceaccounts:kube-system' in request.userInfo.groups)"
)yaml";
  }
};

constexpr const char* refusal =
    "admission webhook \"filters.sluice.dev\" denied the request: spec.rules[0].action: Allow is "
    "not delegated to tenant 'acme', which may use: Deny; use one of these, or ask the platform "
    "for `delegation.allowedActions`";

}  // namespace

TEST_CASE("kubectl is told what a tenant may not do", "[kubernetes][webhook]") {
  World world;
  const auto refused = world.apply(world.filter("web", "Allow"));
  CHECK(refused.exit_code == 1);
  CHECK_THAT(refused.errors, ContainsSubstring(refusal));
  CHECK_FALSE(world.has("web"));

  const auto accepted = world.apply(world.filter("web", "Deny"));
  CHECK(accepted.exit_code == 0);
  CHECK(accepted.errors.empty());
  CHECK(world.has("web"));

  const auto worsened = world.apply(world.filter("web", "Allow"));
  CHECK(worsened.exit_code == 1);
  CHECK_THAT(worsened.errors, ContainsSubstring(refusal));

  world.webhook.end();
  auto requests = world.webhook.metrics().requests;
  CHECK((requests[{"DNSFilter", "CREATE", false, "ActionNotDelegated"}] >= 1));
  CHECK((requests[{"DNSFilter", "CREATE", true, ""}] >= 1));
  CHECK((requests[{"DNSFilter", "UPDATE", false, "ActionNotDelegated"}] == 1));
}

TEST_CASE("kubectl is warned of what surprises, and a dry run changes nothing",
          "[kubernetes][webhook]") {
  const World world;
  const std::string surprising = world.filter_with(
      "web",
      "[{name: q, action: Deny, domains: [.example]}, {name: r, action: Deny, domains: "
      "[a.example]}]");
  const std::string warning = "Warning: spec.rules[1]: never decides anything: rule 'q' before it";
  const auto tried = world.apply(surprising, {"--dry-run=server"});
  CHECK(tried.exit_code == 0);
  CHECK_THAT(tried.errors, ContainsSubstring(warning));
  CHECK_FALSE(world.has("web"));

  const auto applied = world.apply(surprising);
  CHECK(applied.exit_code == 0);
  CHECK_THAT(applied.errors, ContainsSubstring(warning));
  CHECK(world.has("web"));
}

TEST_CASE("a webhook that is down lets changes through, or not, as its policy says",
          "[kubernetes][webhook]") {
  const std::string policy = GENERATE("Ignore", "Fail");
  INFO(policy);
  World world(policy);
  world.webhook.end();
  const auto outcome = world.apply(world.filter("web", "Allow"));
  INFO(outcome.errors);
  CHECK((outcome.exit_code == 0) == (policy == "Ignore"));
  CHECK(world.has("web") == (policy == "Ignore"));
}

TEST_CASE("what was let in once can still be labelled and removed", "[kubernetes][webhook]") {
  World world;
  world.ask_about_nothing();
  REQUIRE(eventually(patience,
                     [&] { return world.apply(world.filter("old", "Allow")).exit_code == 0; }));
  world.ask_again();
  const auto labelled = world.plane.kubectl({"label", "dnsfilter", "old", "-n", world.shop, "a=b"});
  CHECK(labelled.exit_code == 0);
  CHECK_THAT(labelled.errors, ContainsSubstring("Warning: spec.rules[0].action: Allow is not"));
  const auto removed = world.plane.kubectl({"delete", "dnsfilter", "old", "-n", world.shop});
  CHECK(removed.exit_code == 0);
}

}  // namespace sluice::tests
