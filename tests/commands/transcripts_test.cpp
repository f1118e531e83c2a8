// SPDX-License-Identifier: Apache-2.0
// Every terminal that a document shows is played: in a directory with the files of docs/examples/,
// by the program that was just built. What the commands of a document leave behind, later ones
// find.
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/commands/transcript.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path root = SLUICE_SOURCE_DIR;

std::vector<fs::path> documents() {
  std::vector<fs::path> found{"README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md")
      found.push_back(fs::path("docs") / entry.path().filename());
  }
  return found;
}

std::string play(const TranscriptStep& step, const fs::path& directory) {
  const std::string path =
      fs::path(SLUICE_PROGRAM).parent_path().string() + ":/usr/local/bin:/usr/bin:/bin";
  const auto outcome = run({.arguments = {"sh", "-c", "exec 2>&1\n" + step.command},
                            .environment = {{"PATH", path}},
                            .directory = directory},
                           60s);
  return outcome.output;
}

}  // namespace

TEST_CASE("a transcript is cut into commands and what they write", "[commands][transcript]") {
  const TemporaryDirectory directory;
  const fs::path document = directory.path() / "a.md";
  std::ofstream(document)
      << "# A\n$ not this\n```console\n$ echo a \\\n  b\na b\n$ true\n```\nend\n";
  const auto steps = read_transcript(document, "a.md");
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].command == "echo a \\\n  b");
  CHECK(steps[0].expected == "a b\n");
  CHECK(steps[0].where == "a.md:4");
  CHECK(steps[1].command == "true");
  CHECK(steps[1].expected.empty());
}

TEST_CASE("what the documents show of a terminal is what happens", "[commands][transcript]") {
  std::size_t played = 0;
  for (const fs::path& document : documents()) {
    const TemporaryDirectory directory;
    fs::copy(root / "docs" / "examples", directory.path(), fs::copy_options::recursive);
    for (const auto& step : read_transcript(root / document, document.string())) {
      INFO(step.where << ": " << step.command);
      CHECK(play(step, directory.path()) == step.expected);
      ++played;
    }
  }
  CHECK(played > 5);
}

}  // namespace sluice::tests
