// SPDX-License-Identifier: Apache-2.0
#include "proxy/metrics.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;
using prometheus::MetricType;

namespace {

const std::string docs_page = SLUICE_SOURCE_DIR "/docs/metrics.md";

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("metric names follow Prometheus's conventions", "[proxy][metrics]") {
  const std::regex name_form("sluice_[a-z]+(_[a-z]+)*");
  const std::regex foreign_unit(
      ".*_(milliseconds|ms|microseconds|minutes|kilobytes|percent)(_.*)?");
  for (const MetricDefinition& metric : metric_table()) {
    const std::string name(metric.name);
    INFO(name);
    CHECK(std::regex_match(name, name_form));
    CHECK_FALSE(std::regex_match(name, foreign_unit));
    CHECK(name.ends_with("_total") == (metric.type == MetricType::Counter));
    if (metric.type == MetricType::Histogram) CHECK(name.ends_with("_seconds"));
    if (name.find("timestamp") != std::string::npos) CHECK(name.ends_with("_timestamp_seconds"));
  }
}

TEST_CASE("labels are in snake case and never those of a histogram", "[proxy][metrics]") {
  const std::regex label_form("[a-z]+(_[a-z]+)*");
  for (const MetricDefinition& metric : metric_table()) {
    INFO(metric.name);
    std::set<std::string_view> seen{"le", "quantile"};
    for (const std::string_view label : metric.labels) {
      CHECK(std::regex_match(std::string(label), label_form));
      CHECK(seen.insert(label).second);
    }
  }
}

TEST_CASE("every metric stands once and has a help text that is a sentence", "[proxy][metrics]") {
  std::set<std::string_view> names;
  for (const MetricDefinition& metric : metric_table()) {
    INFO(metric.name);
    CHECK(names.insert(metric.name).second);
    CHECK(metric.help.ends_with('.'));
    CHECK(metric.help.find_first_of("|\n\\") == std::string_view::npos);
    CHECK(metric.emit != nullptr);
  }
}

TEST_CASE("docs/metrics.md is what the table says", "[proxy][metrics]") {
  if (std::getenv("SLUICE_UPDATE_DOCS") != nullptr) std::ofstream(docs_page) << metrics_markdown();
  CHECK(read(docs_page) == metrics_markdown());
}
