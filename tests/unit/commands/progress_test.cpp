// SPDX-License-Identifier: Apache-2.0
#include "commands/progress.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::commands {

TEST_CASE("progress says what is known", "[commands][progress]") {
  CHECK(Progress("checking 3 files").line() == "checking 3 files");
  Progress files("reading files", 10);
  files.advance();
  CHECK(files.line() == "reading files: 1 of 10");
  Progress queries("reading queries");
  queries.advance();
  queries.advance();
  CHECK(queries.line() == "reading queries: 2");
}

}  // namespace sluice::commands
