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
  };
  for (const Case& wrong : cases) {
    CAPTURE(wrong.text);
    const std::string problems = problems_of(wrong.text);
    CAPTURE(problems);
    CHECK(problems.find(wrong.problem) != std::string::npos);
  }
}

TEST_CASE("settings that cannot be read are said to be", "[config][controller]") {
  Diagnostics diagnostics;
  CHECK_FALSE(load_controller_settings_file("/nonexistent/controller.yaml", diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].message.starts_with("cannot be read"));
}
