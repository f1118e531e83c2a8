// SPDX-License-Identifier: Apache-2.0
// What every file owes its reader: a licence, a size that fits into a head, no loose ends.
#include <algorithm>
#include <regex>

#include <catch2/catch_test_macros.hpp>

#include "tests/repo/source_tree.hpp"

namespace sluice::tests {
namespace {

// CONTRIBUTING.md, "Style": more than that is more than one job.
constexpr std::size_t most_source_lines = 600;
constexpr std::size_t most_header_lines = 400;

/// Words that promise something for later. Put together here so that this file has none of them.
bool is_loose_end(const std::string& line) {
  static const std::regex promise(std::string("\\b(TO") + "DO|FIX" + "ME|X" + "XX)\\b");
  static const std::regex with_issue(std::string("\\bTO") + "DO\\(#[0-9]+\\)");
  return std::regex_search(line, promise) && !std::regex_search(line, with_issue);
}

bool has_licence(const TreeFile& file, const std::string& comment, std::size_t line) {
  return file.lines.size() > line &&
         file.lines[line] == comment + " SPDX-License-Identifier: Apache-2.0";
}

}  // namespace

TEST_CASE("every source file names its licence in the first line", "[repo][licence]") {
  for (const auto& file : source_files()) {
    INFO(file.path);
    CHECK(has_licence(file, "//", 0));
  }
}

TEST_CASE("every script names its licence below the interpreter", "[repo][licence]") {
  for (const auto& file : script_files()) {
    INFO(file.path);
    CHECK((has_licence(file, "#", 1) || has_licence(file, "#", 0)));
  }
}

TEST_CASE("no file outgrows the limits", "[repo][size]") {
  for (const auto& file : source_files()) {
    INFO(file.path);
    CHECK(file.lines.size() <=
          (file.path.ends_with(".hpp") ? most_header_lines : most_source_lines));
  }
}

TEST_CASE("whatever is left for later has an issue", "[repo]") {
  CHECK(is_loose_end(std::string("// TO") + "DO: later"));
  CHECK_FALSE(is_loose_end(std::string("// TO") + "DO(#12): later"));
  for (const auto& file : source_files()) {
    for (const auto& line : file.lines) {
      if (is_loose_end(line)) FAIL_CHECK(file.path + ": " + line);
    }
  }
}

TEST_CASE("every header is protected against a second inclusion", "[repo]") {
  for (const auto& file : source_files()) {
    if (!file.path.ends_with(".hpp")) continue;
    INFO(file.path);
    CHECK(std::ranges::count(file.lines, "#pragma once") == 1);
  }
}

}  // namespace sluice::tests
