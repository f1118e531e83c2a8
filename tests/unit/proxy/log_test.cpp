// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.hpp"

#include <regex>

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace sluice;
using namespace sluice::proxy;

namespace {

/// Leaves the log as other tests expect it.
struct Configured {
  explicit Configured(const config::Log& settings) { log::configure(settings); }
  ~Configured() { log::configure({}); }
  Configured(const Configured&) = delete;
  Configured& operator=(const Configured&) = delete;
};

}  // namespace

TEST_CASE("a JSON line is one object with its time", "[proxy][log]") {
  const log::Capture capture;
  log::info("policies loaded", {{"objects", 12}, {"generation", 3}});
  REQUIRE(capture.lines().size() == 1);
  const auto line = boost::json::parse(capture.lines()[0]).as_object();
  CHECK(std::regex_match(line.at("time").as_string().c_str(),
                         std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
  CHECK(line.at("level").as_string() == "info");
  CHECK(line.at("message").as_string() == "policies loaded");
  CHECK(line.at("objects").as_int64() == 12);
  CHECK(line.at("generation").as_int64() == 3);
  CHECK(line.size() == 5);
}

TEST_CASE("a text line is for people", "[proxy][log]") {
  const Configured configured({config::LogLevel::info, config::LogFormat::text});
  const log::Capture capture;
  log::error("no policies", {{"directory", "/etc/sluice"}});
  REQUIRE(capture.lines().size() == 1);
  CHECK(std::regex_match(capture.lines()[0],
                         std::regex(R"([-0-9]{10}T[:.0-9]{12}Z error no policies )"
                                    R"(directory=/etc/sluice)")));
}

TEST_CASE("lines below the level are not written", "[proxy][log]") {
  const Configured configured({config::LogLevel::warn, config::LogFormat::text});
  const log::Capture capture;
  log::debug("a");
  log::info("b");
  log::warn("c");
  log::error("d");
  REQUIRE(capture.lines().size() == 2);
  CHECK(capture.lines()[0].ends_with("warn c"));
  CHECK(capture.lines()[1].ends_with("error d"));
}

TEST_CASE("braces in a message are no placeholders", "[proxy][log]") {
  const log::Capture capture;
  log::info("{} %v {0}", {{"a", "{}"}});
  REQUIRE(capture.lines().size() == 1);
  CHECK(boost::json::parse(capture.lines()[0]).at("message").as_string() == "{} %v {0}");
}

TEST_CASE("a whole line is at most 4 kB", "[proxy][log]") {
  const log::Capture capture;
  const std::string worst(10'000, '\\');
  log::error(worst, {{"a", worst}, {"b", worst}, {"c", worst}});
  REQUIRE(capture.lines().size() == 1);
  CHECK(capture.lines()[0].size() < 4096);
  CHECK(boost::json::parse(capture.lines()[0]).is_object());
}
