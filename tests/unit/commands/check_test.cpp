// SPDX-License-Identifier: Apache-2.0
#include "commands/check.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/certificate.hpp"

namespace sluice::commands {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

std::string filter(const std::string& name, const std::string& action = "Deny") {
  return "apiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\nmetadata: {name: " + name +
         ", namespace: shop}\nspec:\n  rules:\n  - {name: a, action: " + action +
         ", domains: [a.example]}\n";
}

struct Tree {
  tests::TemporaryDirectory directory;
  std::istringstream standard_input;

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return directory.path() / name;
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }
  ProblemReport run(const std::vector<std::string>& paths, const std::string& config = "") {
    return check({.paths = paths, .config = config}, standard_input);
  }
};

}  // namespace

TEST_CASE("directories are checked at every depth, hidden ones aside", "[commands][check]") {
  Tree tree;
  tree.write("a.yaml", filter("a"));
  tree.write("deep/er/b.yml", filter("b"));
  tree.write("notes.txt", "no manifest");
  tree.write(".git/c.yaml", "no manifest");
  tree.write("deep/.d.yaml", "no manifest");
  const auto report = tree.run({tree.path()});
  CHECK(report.object_count == 2);
  CHECK(report.problems.empty());
}

TEST_CASE("problems of all files are told, in order", "[commands][check]") {
  Tree tree;
  tree.write("2.yaml", filter("b", "Block"));
  tree.write("1.yaml", filter("a", "Drop"));
  const auto report = tree.run({tree.path("2.yaml"), tree.path("1.yaml")});
  REQUIRE(report.problems.size() == 2);
  CHECK(report.problems[0].file == tree.path("1.yaml"));
  CHECK(report.problems[0].line == 6);
  CHECK(report.problems[1].file == tree.path("2.yaml"));
}

TEST_CASE("a file that is named twice is read once, an object in two files is told",
          "[commands][check]") {
  Tree tree;
  tree.write("a.yaml", filter("a"));
  CHECK(tree.run({tree.path("a.yaml"), tree.path("a.yaml"), tree.path()}).problems.empty());
  tree.write("copy.yaml", filter("a"));
  CHECK(tree.run({tree.path()}).problems.size() == 1);
}

TEST_CASE("standard input is checked under its own name", "[commands][check]") {
  Tree tree;
  tree.standard_input.str(filter("a", "Block"));
  const auto report = tree.run({"-"});
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems[0].file == "<stdin>");
}

TEST_CASE("what cannot be read is a problem", "[commands][check]") {
  Tree tree;
  const auto report = tree.run({tree.path("missing.yaml")});
  REQUIRE(report.problems.size() == 1);
  CHECK_THAT(report.problems[0].message, ContainsSubstring("No such file"));
}

TEST_CASE("settings are checked too, the CIDRs in them as well", "[commands][check]") {
  Tree tree;
  tree.write("policies/a.yaml", filter("a"));
  const std::string settings =
      "listeners: [{protocol: UDP, port: 5353}]\n"
      "upstreams: [{name: a, endpoints: [{address: 10.0.0.1}]}]\n"
      "policies: {directory: policies}\n";
  tree.write("good", settings);
  tree.write("wrong", settings + "colour: blue\n");
  tree.write("cidr", settings + "clusterCIDRs: [10.0.0.1/8]\n");
  CHECK(tree.run({tree.path("policies")}, tree.path("good")).problems.empty());
  for (const char* name : {"wrong", "cidr"}) {
    const auto report = tree.run({tree.path("policies")}, tree.path(name));
    INFO(name);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].file == tree.path(name));
  }
}

}  // namespace sluice::commands
