// SPDX-License-Identifier: Apache-2.0
#include "config/diagnostic.hpp"

#include <catch2/catch_test_macros.hpp>

using sluice::config::to_text;

TEST_CASE("a diagnostic reads like a compiler's", "[config][diagnostic]") {
  CHECK(to_text({"a.yaml", 7, "spec.rules[2]", "is missing"}) ==
        "a.yaml:7: spec.rules[2]: is missing");
}

TEST_CASE("a diagnostic leaves out what it does not know", "[config][diagnostic]") {
  CHECK(to_text({"a.yaml", 0, "", "cannot be read"}) == "a.yaml: cannot be read");
  CHECK(to_text({"a.yaml", 3, "", "is odd"}) == "a.yaml:3: is odd");
  CHECK(to_text({"", 0, "workers", "is odd"}) == "workers: is odd");
}
