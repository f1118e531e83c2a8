// SPDX-License-Identifier: Apache-2.0
#include "filters/name_pattern.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::filters {
namespace {

bool matches(const std::string& pattern, const std::string& name) {
  const auto compiled = NamePattern::compile(pattern);
  REQUIRE(compiled.has_value());
  return compiled->matches(name);
}

}  // namespace

TEST_CASE("a pattern matches whole names only", "[filters][name_pattern]") {
  CHECK(matches("ads[0-9]+[.]example", "ads17.example"));
  CHECK_FALSE(matches("ads[0-9]+[.]example", "x.ads17.example"));
  CHECK_FALSE(matches("ads[0-9]+[.]example", "ads17.example.org"));
  CHECK(matches("a|b[.]example", "a"));
  CHECK_FALSE(matches("a|b[.]example", "a.example"));
  CHECK(matches("(.*[.])?example", "example"));
  CHECK_FALSE(matches("", "example"));
}

TEST_CASE("a pattern that is wrong or too costly says so with a remedy",
          "[filters][name_pattern]") {
  const auto error = [](const std::string& pattern) {
    const auto compiled = NamePattern::compile(pattern);
    return compiled ? "" : compiled.error();
  };
  CHECK(error("(") ==
        "is no regular expression that RE2 understands (missing ): (); see "
        "https://github.com/google/re2/wiki/Syntax");
  CHECK(error("(\\pL{20}){30}") ==
        "costs too much (pattern too large - compile failed); use smaller repetitions, or several "
        "patterns");
  CHECK(error("([a-z0-9-]{1,63}[.]){1,4}example").empty());
}

TEST_CASE("a pattern that makes backtracking engines stall is quick", "[filters][name_pattern]") {
  CHECK_FALSE(matches("(a*)*b", std::string(253, 'a')));
  CHECK_FALSE(matches("(a|a)*(a|a)*(a|a)*c", std::string(253, 'a')));
}

}  // namespace sluice::filters
