// SPDX-License-Identifier: Apache-2.0
#include "crds/field.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/yaml.hpp"

namespace sluice::crds {
namespace {

config::Node parse(const std::string& yaml) {
  config::Diagnostics problems;
  auto documents = config::parse_yaml(yaml, "f.yaml", problems);
  REQUIRE(documents.size() == 1);
  return std::move(documents.front());
}

ScalarKind kind_of(const std::string& yaml) {
  return scalar_kind(parse("[" + yaml + "]").items().front());
}

}  // namespace

TEST_CASE("scalars are what Kubernetes takes them for", "[crds][field]") {
  for (const char* text : {"null", "~", "NULL", "Null"})
    CHECK(kind_of(text) == ScalarKind::null);
  for (const char* text : {"true", "False", "yes", "NO", "on", "Off", "y", "N"})
    CHECK(kind_of(text) == ScalarKind::boolean);
  for (const char* text : {"0", "7", "-1", "+1", "99999999999999999999"})
    CHECK(kind_of(text) == ScalarKind::integer);
  for (const char* text : {"1.2", ".5", "-1e3", "0x1F", "0100", "1."})
    CHECK(kind_of(text) == ScalarKind::number);
  for (const char* text : {"\"7\"", "'true'", "1.2.3", "inf", "nan", "1m", "-", "yEs", "a"})
    CHECK(kind_of(text) == ScalarKind::string);
}

TEST_CASE("a field knows its path and line", "[crds][field]") {
  config::Diagnostics problems;
  Report report("f.yaml", problems);
  auto document = parse("a:\n  b:\n  - x\n  - {c: 1, d.e/f: 2}\n  n:\nz: 1\n");
  const Field root(document, "", report);
  const Field list = root.child("a").child("b");
  REQUIRE(list.items().size() == 2);
  const Field c = list.items()[1].child("c");
  CHECK(c.path() == "a.b[1].c");
  CHECK(c.name() == "c");
  CHECK(c.line() == 4);
  CHECK(c.integer() == 1);
  CHECK(list.items()[0].name() == "b");
  CHECK(list.items()[1].child("d.e/f").path() == "a.b[1][d.e/f]");
  CHECK(root.child("a").entries()[1].value.line() == 5);
}

TEST_CASE("reading what is missing or of another shape gives nothing", "[crds][field]") {
  config::Diagnostics problems;
  Report report("f.yaml", problems);
  auto document = parse("{text: x, list: [1], empty: }");
  const Field root(document, "", report);
  CHECK_FALSE(root.child("missing").is_present());
  CHECK_FALSE(root.child("empty").is_present());
  CHECK_FALSE(root.child("text").child("deeper").child("still").is_present());
  CHECK(root.child("text").items().empty());
  CHECK(root.child("list").entries().empty());
  CHECK_FALSE(root.child("list").text());
  CHECK_FALSE(root.child("list").items()[0].text());
  CHECK_FALSE(root.child("text").integer());
  CHECK(root.child("missing").line() == 1);
  CHECK(root.node().size() == 3);
  CHECK(problems.empty());
}

TEST_CASE("a report ends at fifty problems of one object and starts anew with the next",
          "[crds][field]") {
  config::Diagnostics problems;
  Report report("f.yaml", problems);
  for (int i = 0; i < 100; ++i) {
    report.add(1, "x", "wrong");
  }
  CHECK(report.is_full());
  CHECK(problems.size() == max_problems_per_object);
  CHECK(problems.back().message == "wrong (further problems of this object are not shown)");
  report.begin_object();
  CHECK_FALSE(report.object_is_wrong());
  CHECK_FALSE(report.has_problem_at("x"));
  report.add(1, "y", "wrong");
  CHECK(report.has_problem_at("y"));
}

}  // namespace sluice::crds
