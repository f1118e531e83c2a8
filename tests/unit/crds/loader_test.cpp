// SPDX-License-Identifier: Apache-2.0
#include "crds/loader.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/yaml.hpp"

namespace sluice::crds {
namespace {

/// A DNSFilter `shop/<name>` that can be told by its priority.
std::string filter(const std::string& name, const std::string& priority) {
  return "---\napiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\nmetadata: {name: " + name +
         ", namespace: shop}\nspec: {priority: " + priority + ", defaultAction: Deny}\n";
}

/// A Loader and what it said last.
struct Directory {
  Loader loader;
  Loader::Result result;

  void load(const std::vector<Source>& files) { result = loader.load(files); }
  /// "a=1 b=2": names and priorities of the filters in force.
  [[nodiscard]] std::string in_force() const {
    std::string text;
    for (const auto& f : result.policies.filters) {
      if (f.is_broken) continue;
      text += (text.empty() ? "" : " ") + f.name + '=' + std::to_string(f.priority);
    }
    return text;
  }
  [[nodiscard]] std::string problems() const {
    std::string text;
    for (const auto& diagnostic : result.diagnostics) {
      text += to_text(diagnostic) + '\n';
    }
    return text;
  }
};

}  // namespace

TEST_CASE("nothing loads as nothing", "[crds][loader]") {
  Directory directory;
  directory.load({});
  CHECK(directory.result.object_count == 0);
  directory.load({{"empty.yaml", ""}, {"comment.yaml", "# nothing yet\n---\n---\n"}});
  CHECK(directory.result.object_count == 0);
  CHECK(directory.problems().empty());
}

TEST_CASE("objects of all files and of Lists come ordered by name", "[crds][loader]") {
  Directory directory;
  const std::string list =
      "apiVersion: v1\nkind: List\nmetadata: {resourceVersion: \"\"}\nitems:\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: web}}}\n"
      "- apiVersion: sluice.dev/v1alpha1\n  kind: DNSFilter\n"
      "  metadata: {name: c, namespace: shop}\n  spec: {priority: 3, defaultAction: Deny}\n";
  directory.load({{"b.yaml", filter("b", "2") + filter("a", "1")}, {"list.yaml", list}});
  CHECK(directory.problems().empty());
  CHECK(directory.in_force() == "a=1 b=2 c=3");
  REQUIRE(directory.result.policies.namespaces.size() == 1);
  CHECK(directory.result.policies.namespaces[0].labels.at("team") == "web");
  CHECK(directory.result.object_count == 4);
}

TEST_CASE("a wrong object never takes effect and leaves the others alone", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1") + filter("b", "high")}});
  CHECK(directory.in_force() == "a=1");
  CHECK(directory.problems() ==
        "f.yaml:10: spec.priority: found the string 'high', expected an integer from 0 to 1000\n");
}

TEST_CASE("an object that goes wrong keeps its last good version until it is mended",
          "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1")}});
  for (int i = 0; i < 3; ++i) {
    directory.load({{"f.yaml", filter("a", "high") + filter("b", "2")}});
    CHECK(directory.in_force() == "a=1 b=2");
    CHECK(directory.result.diagnostics.size() == 1);
  }
  directory.load({{"f.yaml", filter("a", "5")}});
  CHECK(directory.in_force() == "a=5");
  CHECK(directory.problems().empty());
}

TEST_CASE("the last good version follows an object to another file", "[crds][loader]") {
  Directory directory;
  directory.load({{"old.yaml", filter("a", "1")}});
  directory.load({{"new.yaml", filter("a", "high")}});
  CHECK(directory.in_force() == "a=1");
  directory.load({{"new.yaml", "["}});
  CHECK(directory.in_force() == "a=1");
}

TEST_CASE("what is removed is gone", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1") + filter("b", "2")}, {"g.yaml", filter("c", "3")}});
  directory.load({{"f.yaml", filter("b", "2")}, {"g.yaml", filter("c", "3")}});
  CHECK(directory.in_force() == "b=2 c=3");
  directory.load({{"f.yaml", filter("b", "2")}});
  CHECK(directory.in_force() == "b=2");
  directory.load({{"f.yaml", filter("b", "high")}});
  directory.load({});
  CHECK(directory.in_force().empty());
}

TEST_CASE("a file that is no YAML keeps all objects that it had", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1") + filter("b", "2")}, {"g.yaml", filter("c", "3")}});
  directory.load({{"f.yaml", filter("a", "9") + "---\n["}, {"g.yaml", filter("c", "4")}});
  CHECK(directory.in_force() == "a=1 b=2 c=4");
  CHECK(directory.result.diagnostics.size() == 1);
  directory.load({{"f.yaml", filter("a", "9")}});
  CHECK(directory.in_force() == "a=9");
}

TEST_CASE("a file that is no YAML keeps last good versions of objects that were wrong in it",
          "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1")}});
  directory.load({{"f.yaml", filter("a", "high")}});
  directory.load({{"f.yaml", "["}});
  CHECK(directory.in_force() == "a=1");
}

TEST_CASE("a document that cannot be told keeps the objects of its file", "[crds][loader]") {
  Directory directory;
  const std::string misspelt = "---\nkind: DNSFliter\nmetadata: {name: a, namespace: shop}\n";
  directory.load({{"f.yaml", filter("a", "1") + filter("b", "2")}});
  directory.load({{"f.yaml", misspelt + filter("b", "3")}});
  CHECK(directory.in_force() == "a=1 b=3");
}

TEST_CASE("an object moved out of a broken file is the one of its new file", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1") + filter("b", "2")}});
  directory.load({{"f.yaml", "["}, {"g.yaml", filter("a", "7")}});
  CHECK(directory.in_force() == "a=7 b=2");
}

TEST_CASE("a file that has let an object go does not keep it when it breaks", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1")}});
  directory.load({{"f.yaml", filter("a", "1")}, {"g.yaml", filter("a", "1")}});
  directory.load({{"f.yaml", filter("a", "1")}, {"g.yaml", filter("b", "2")}});
  CHECK(directory.in_force() == "a=1 b=2");
  directory.load({{"f.yaml", filter("c", "3")}, {"g.yaml", "["}});
  CHECK(directory.in_force() == "b=2 c=3");
}

TEST_CASE("an object whose files all break stays, and goes when one of them is whole again",
          "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1")}});
  directory.load({{"f.yaml", "["}});
  directory.load({{"f.yaml", "["}, {"g.yaml", filter("b", "2")}});
  CHECK(directory.in_force() == "a=1 b=2");
  directory.load({{"f.yaml", filter("c", "3")}, {"g.yaml", filter("b", "2")}});
  CHECK(directory.in_force() == "b=2 c=3");
}

TEST_CASE("an object that stands twice is told with both places", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1")}, {"g.yaml", filter("b", "2") + filter("a", "3")}});
  CHECK(directory.in_force() == "b=2");
  CHECK(directory.problems() ==
        "g.yaml:7: DNSFilter 'shop/a' is defined already at f.yaml:2; neither takes effect\n");
}

TEST_CASE("an object that comes to stand twice keeps its last good version", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "1")}});
  directory.load({{"f.yaml", filter("a", "1") + filter("a", "2")}});
  CHECK(directory.in_force() == "a=1");
  CHECK(directory.problems() ==
        "f.yaml:7: DNSFilter 'shop/a' is defined already at f.yaml:2; its last good version stays "
        "in force\n");
  directory.load({{"f.yaml", filter("a", "2")}});
  CHECK(directory.in_force() == "a=2");
}

TEST_CASE("objects of different kinds may share a name", "[crds][loader]") {
  Directory directory;
  directory.load(
      {{"f.yaml", filter("a", "1") +
                      "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
                      "---\napiVersion: sluice.dev/v1alpha1\nkind: DNSTenant\n"
                      "metadata: {name: a}\nspec: {namespaceSelector: {matchLabels: {x: z}}}\n"}});
  CHECK(directory.problems().empty());
  CHECK(directory.result.object_count == 3);
}

TEST_CASE("an unchanged wrong file is told again at every load", "[crds][loader]") {
  Directory directory;
  directory.load({{"f.yaml", filter("a", "high")}});
  const std::string first = directory.problems();
  directory.load({{"f.yaml", filter("a", "high")}});
  CHECK(directory.problems() == first);
  CHECK_FALSE(first.empty());
}

TEST_CASE("only what says something else is read again, in whatever order it comes",
          "[crds][loader]") {
  int reads = 0;
  const auto source = [&reads](const std::string& name, const std::string& version) {
    return std::make_shared<const Source>(Source{name, version, [&reads, name] {
                                                   ++reads;
                                                   config::Diagnostics none;
                                                   auto documents = config::parse_yaml(
                                                       filter(name, "1"), name, none);
                                                   return std::move(documents.front());
                                                 }});
  };
  Loader loader;
  const auto load = [&](std::initializer_list<Sources::Pointer> pointers) {
    Sources sources;
    for (const auto& pointer : pointers)
      sources.push_back(pointer);
    reads = 0;
    CHECK(loader.load(sources).object_count == sources.size());
    return reads;
  };
  const auto a = source("a", "1");
  const auto b = source("b", "1");
  const auto c = source("c", "1");
  CHECK(load({a, b, c}) == 3);
  CHECK(load({a, b, c}) == 0);
  CHECK(load({c, a, b}) == 0);
  CHECK(load({a, source("b", "1"), c}) == 0);
  CHECK(load({a, source("b", "2"), c}) == 1);
  CHECK(load({a, c}) == 0);
  CHECK(load({a, b, c}) == 1);
}

}  // namespace sluice::crds
