// SPDX-License-Identifier: Apache-2.0
// Alerts fire when they should; rules and dashboards use metrics that there are.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/deploy/manifests.hpp"
#include "tests/support/certificate.hpp"

namespace sluice::tests {
namespace {

namespace json = boost::json;

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_token_iterator(text.begin(), text.end(), pattern),
          std::sregex_token_iterator()};
}

std::set<std::string> documented_metrics() {
  std::set<std::string> names;
  const std::regex row("\n\\| `(sluice_[a-z_]+)`");
  const auto text = read_text(source_directory / "docs/metrics.md");
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it)
    names.insert((*it)[1]);
  return names;
}

void check_metrics(const std::string& text) {
  static const auto known = documented_metrics();
  for (auto name : matches(text, std::regex("\\bsluice_[a-z_]+"))) {
    if (name.ends_with("_bucket")) name.erase(name.size() - 7);
    INFO(name);
    // A recording rule is named after the metric without its _total.
    CHECK((known.contains(name) || known.contains(name + "_total")));
  }
}

YAML::Node rules() {
  return YAML::LoadFile(chart_directory / "files/rules/prometheusrule.yaml")["spec"];
}

}  // namespace

TEST_CASE("alerts fire when they should", "[deploy][monitoring]") {
  if (!has_program("promtool")) SKIP("no promtool (Debian's package prometheus)");
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "rules.yaml") << rules();
  std::filesystem::copy(source_directory / "tests/deploy/rules_test.yaml", directory.path());
  const auto outcome = run({.arguments = {"promtool", "test", "rules", "rules_test.yaml"},
                            .environment = {},
                            .directory = directory.path()},
                           std::chrono::seconds(30));
  INFO(outcome.output << outcome.errors);
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("every alert has a test, a severity and a section in its runbook",
          "[deploy][monitoring]") {
  const auto tests = read_text(source_directory / "tests/deploy/rules_test.yaml");
  const auto runbook = read_text(source_directory / "docs/alerts.md");
  for (const auto& group : rules()["groups"]) {
    for (const auto& rule : group["rules"]) {
      if (!rule["alert"]) continue;
      auto name = rule["alert"].as<std::string>();
      INFO(name);
      CHECK(tests.find("alertname: " + name) != tests.npos);
      CHECK(runbook.find("\n## " + name + '\n') != runbook.npos);
      CHECK(rule["labels"]["severity"]);
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
      CHECK(rule["annotations"]["runbook_url"].as<std::string>() == "docs/alerts.md#" + name);
    }
  }
}

TEST_CASE("the chart renders the rules as they stand", "[deploy][monitoring]") {
  for (const auto& object : render_chart({"--set", "metrics.prometheusRule.enabled=true"})) {
    if (object["kind"].as<std::string>() != "PrometheusRule") continue;
    const YAML::Node expected = rules()["groups"][1]["rules"][0];
    const YAML::Node rendered = object["spec"]["groups"][1]["rules"][0];
    CHECK(rendered["annotations"]["description"].as<std::string>() ==
          expected["annotations"]["description"].as<std::string>());
    CHECK(rendered["expr"].as<std::string>() == expected["expr"].as<std::string>());
  }
}

TEST_CASE("rules and dashboards use documented metrics", "[deploy][monitoring]") {
  REQUIRE(documented_metrics().size() > 30);
  check_metrics(read_text(chart_directory / "files/rules/prometheusrule.yaml"));
  const auto dashboards = files_in(chart_directory / "files/dashboards", ".json");
  REQUIRE(dashboards.size() == 2);
  for (const auto& dashboard : dashboards)
    check_metrics(read_text(dashboard));
}

TEST_CASE("dashboards can be imported anywhere", "[deploy][monitoring]") {
  for (const auto& file : files_in(chart_directory / "files/dashboards", ".json")) {
    INFO(file);
    const auto dashboard = json::parse(read_text(file)).as_object();
    CHECK(dashboard.at("id").is_null());
    CHECK_FALSE(dashboard.at("uid").as_string().empty());
    for (const auto& panel : dashboard.at("panels").as_array())
      CHECK(panel.at_pointer("/datasource/uid") == "${datasource}");
    // A ConfigMap takes a mebibyte.
    CHECK(std::filesystem::file_size(file) < (1U << 20U));
  }
}

}  // namespace sluice::tests
