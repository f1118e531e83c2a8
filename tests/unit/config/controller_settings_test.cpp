// SPDX-License-Identifier: Apache-2.0
#include "config/controller_settings.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::config;
using namespace std::chrono_literals;

namespace {

const std::string lease = "lease: {namespace: sluice-system, name: sluice-controller";

std::string problems_of(const std::string& text) {
  Diagnostics diagnostics;
  CHECK_FALSE(load_controller_settings(text, "controller.yaml", diagnostics).has_value());
  std::string problems;
  for (const Diagnostic& diagnostic : diagnostics)
    problems += to_text(diagnostic) + '\n';
  return problems;
}

}  // namespace

TEST_CASE("a controller needs to know no more than its lease", "[config][controller]") {
  Diagnostics diagnostics;
  const auto settings =
      load_controller_settings(lease + "}\nkubernetes: {kubeconfig: kube/config}\n",
                               "/etc/sluice/controller.yaml", diagnostics);
  REQUIRE(settings.has_value());
  CHECK(settings->cluster_domain == "cluster.local");
  CHECK(settings->lease.namespace_name == "sluice-system");
  CHECK(settings->lease.duration == 15s);
  CHECK(settings->lease.renew_deadline == 10s);
  CHECK(settings->lease.retry_period == 2s);
  CHECK(settings->kubernetes.kubeconfig == "/etc/sluice/kube/config");
  CHECK(settings->admin.port == 9153);
}

TEST_CASE("everything that is wrong with a controller's settings is told", "[config][controller]") {
  struct Case {
    std::string text;
    std::string problem;
  };
  const Case cases[] = {
      {"", "lease: is missing"},
      {"lease: {name: a}", "lease.namespace: is missing"},
      {lease + "}\nlisteners: []\n", "unknown key `listeners`"},
      {lease + ", renewDeadline: 15s}", "lease.renewDeadline: must be shorter"},
      {lease + ", retryPeriod: 10s}", "lease.retryPeriod: must be shorter"},
      {lease + ", duration: 1500ms}", "lease.duration: expected a duration in whole seconds"},
      {lease + "}\nwebhook: {}", "webhook: has no certificate; add `tls`"},
      {lease + "}\nwebhook: {tls: {certificateFile: a}}", "webhook.tls.privateKeyFile: is missing"},
      {lease + "}\nwebhook: {selfSigned: {secretName: s}}",
       "webhook.selfSigned.serverName: is missing"},
      {lease + "}\nwebhook: {tls: {certificateFile: a, privateKeyFile: b}, selfSigned: "
               "{secretName: s, configurationName: c, serverName: w.a.svc}}",
       "webhook.selfSigned: is there beside `webhook.tls`"},
  };
  for (const Case& wrong : cases) {
    CAPTURE(wrong.text);
    const std::string problems = problems_of(wrong.text);
    CAPTURE(problems);
    CHECK(problems.find(wrong.problem) != std::string::npos);
  }
}

TEST_CASE("a webhook gets its certificate from files, or from a Secret beside the lease",
          "[config][controller]") {
  const std::string self_signed =
      "selfSigned: {secretName: s, configurationName: c, serverName: w.sluice-system.svc";
  Diagnostics diagnostics;
  const auto load = [&](const std::string& webhook) {
    const auto settings = load_controller_settings(lease + "}\nwebhook: {" + webhook + "}\n",
                                                   "/etc/sluice/controller.yaml", diagnostics);
    REQUIRE(settings.has_value());
    return settings->webhook.value();
  };
  const auto files = load("tls: {certificateFile: tls.crt, privateKeyFile: /run/tls.key}");
  CHECK(files.address == "0.0.0.0");
  CHECK(files.port == 9443);
  CHECK(files.tls.value().certificate_file == "/etc/sluice/tls.crt");
  CHECK(files.tls.value().private_key_file == "/run/tls.key");
  CHECK_FALSE(files.self_signed);

  const auto made = load(self_signed + "}");
  CHECK_FALSE(made.tls);
  CHECK(made.self_signed.value().namespace_name == "sluice-system");
  CHECK(load(self_signed + ", namespace: other}").self_signed.value().namespace_name == "other");
}

TEST_CASE("a controller without a webhook section has none", "[config][controller]") {
  Diagnostics diagnostics;
  const auto settings = load_controller_settings(lease + "}\n", "controller.yaml", diagnostics);
  REQUIRE(settings.has_value());
  CHECK_FALSE(settings->webhook);
}

TEST_CASE("settings that cannot be read are said to be", "[config][controller]") {
  Diagnostics diagnostics;
  CHECK_FALSE(load_controller_settings_file("/nonexistent/controller.yaml", diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].message.starts_with("cannot be read"));
}
