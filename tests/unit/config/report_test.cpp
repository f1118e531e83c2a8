// SPDX-License-Identifier: Apache-2.0
#include "config/report.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::config;

TEST_CASE("a problem is reported on the line of the nearest field that was written",
          "[config][report]") {
  Diagnostics diagnostics;
  Report report("f", diagnostics);
  report.note("listeners", 3);
  report.note("listeners[0]", 4);
  report.add("listeners[0].tls.certificateFile", "is missing");
  report.add("listeners[1].name", "is odd");
  report.add("workers", "is odd");
  REQUIRE(diagnostics.size() == 3);
  CHECK(diagnostics[0] == Diagnostic{"f", 4, "listeners[0].tls.certificateFile", "is missing"});
  CHECK(diagnostics[1].line == 3);
  CHECK(diagnostics[2].line == 0);
}

TEST_CASE("a field is sound while nothing is wrong with it or inside it", "[config][report]") {
  Diagnostics diagnostics{{"other", 1, "b", "an older problem"}};
  Report report("f", diagnostics);
  CHECK(report.is_clean());
  report.add("a[1].b", "is odd");
  CHECK_FALSE(report.is_clean());
  CHECK_FALSE(report.is_sound("a"));
  CHECK_FALSE(report.is_sound("a[1]"));
  CHECK_FALSE(report.is_sound("a[1].b"));
  CHECK(report.is_sound("a[1].b.c"));
  CHECK(report.is_sound("a[11]"));
  CHECK(report.is_sound("a[1].bc"));
  CHECK(report.is_sound("b"));
}
