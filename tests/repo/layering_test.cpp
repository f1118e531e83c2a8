// SPDX-License-Identifier: Apache-2.0
// Who may include whom. The arrows are those of docs/adr/0001.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "tests/repo/source_tree.hpp"

namespace sluice::tests {
namespace {

using Folders = std::set<std::string, std::less<>>;

const std::map<std::string, Folders, std::less<>>& allowed() {
  static const std::map<std::string, Folders, std::less<>> arrows{
      {"dns", {}},
      {"filters", {"dns"}},
      {"lists", {"dns", "filters"}},
      {"config", {}},
      {"tls", {}},
      {"crds", {"dns", "filters", "config"}},
      {"kubernetes", {"dns", "filters", "config", "tls", "crds"}},
      {"proxy", {"dns", "filters", "lists", "config", "tls", "crds", "kubernetes"}},
      {"recordings", {"dns", "filters"}},
      {"commands",
       {"dns", "filters", "lists", "config", "tls", "crds", "kubernetes", "proxy", "recordings"}},
      {"tests",
       {"dns", "filters", "lists", "config", "tls", "crds", "kubernetes", "proxy", "recordings",
        "commands"}},
  };
  return arrows;
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.find('/'));
}

/// The path in `#include "path"`.
std::optional<std::string> own_include(const std::string& line) {
  static const std::string start = "#include \"";
  if (!line.starts_with(start)) return std::nullopt;
  return line.substr(start.size(), line.find('"', start.size()) - start.size());
}

std::vector<std::string> violations(const TreeFile& file) {
  std::vector<std::string> found;
  const std::string from = folder_of(file.path);
  for (const auto& line : file.lines) {
    const auto included = own_include(line);
    if (!included) continue;
    const std::string to = folder_of(*included);
    if (to != from && !allowed().at(from).contains(to)) found.push_back(file.path + ": " + line);
  }
  return found;
}

std::string without_ending(const std::string& path) {
  return path.substr(0, path.rfind('.'));
}

const TreeFile* header_of(const TreeFile& source) {
  const auto& files = source_files();
  const std::string wanted = without_ending(source.path) + ".hpp";
  const auto it = std::ranges::find(files, wanted, &TreeFile::path);
  return it == files.end() ? nullptr : &*it;
}

std::string first_include(const TreeFile& file) {
  const auto it = std::ranges::find_if(
      file.lines, [](const std::string& line) { return line.starts_with("#include"); });
  return it == file.lines.end() ? "" : *it;
}

}  // namespace

TEST_CASE("every include follows the arrows between the folders", "[repo][layering]") {
  REQUIRE(source_files().size() > 50);
  for (const auto& file : source_files()) {
    for (const auto& violation : violations(file)) {
      FAIL_CHECK(violation);
    }
  }
}

TEST_CASE("an include against the arrows is found", "[repo][layering]") {
  CHECK(violations({"dns/name.cpp", {"#include \"filters/rule.hpp\""}}).size() == 1);
  CHECK(violations({"proxy/app.cpp", {"#include \"tests/support/process.hpp\""}}).size() == 1);
  CHECK(violations({"proxy/app.cpp", {"#include \"app.hpp\""}}).size() == 1);
  CHECK(violations({"filters/rule.cpp", {"#include \"dns/name.hpp\"", "#include <map>"}}).empty());
}

TEST_CASE("a source file includes its own header first", "[repo][layering]") {
  for (const auto& file : source_files()) {
    if (!file.path.ends_with(".cpp") || header_of(file) == nullptr) continue;
    INFO(file.path);
    CHECK(first_include(file) == "#include \"" + without_ending(file.path) + ".hpp\"");
  }
}

TEST_CASE("a unit test includes the header that it tests first", "[repo][layering]") {
  static const std::string start = "tests/unit/";
  static const std::string end = "_test.cpp";
  for (const auto& file : source_files()) {
    if (!file.path.starts_with(start) || !file.path.ends_with(end)) continue;
    const std::string tested =
        file.path.substr(start.size(), file.path.size() - start.size() - end.size()) + ".hpp";
    if (std::ranges::find(source_files(), tested, &TreeFile::path) == source_files().end())
      continue;
    INFO(file.path);
    CHECK(first_include(file) == "#include \"" + tested + '"');
  }
}

}  // namespace sluice::tests
