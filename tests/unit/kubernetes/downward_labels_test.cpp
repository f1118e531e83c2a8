// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/downward_labels.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::kubernetes {
namespace {

/// Numbers of the lines that are wrong.
std::vector<int> wrong_lines(std::string_view text) {
  config::Diagnostics diagnostics;
  CHECK_FALSE(read_downward_labels(text, "labels", diagnostics));
  std::vector<int> lines;
  for (const auto& diagnostic : diagnostics)
    lines.push_back(diagnostic.line);
  return lines;
}

}  // namespace

TEST_CASE("labels are read as the kubelet writes them", "[kubernetes][pod]") {
  const filters::Labels two{{"app", "checkout"}, {"example.com/stage", "v1.2_a-b"}};
  const struct {
    std::string_view text;
    filters::Labels labels;
  } cases[] = {
      {"", {}},
      {"\n", {}},
      {"app=\"checkout\"\nexample.com/stage=\"v1.2_a-b\"", two},
      {"app=\"checkout\"\nexample.com/stage=\"v1.2_a-b\"\n", two},
      {"empty=\"\"", {{"empty", ""}}},
  };
  for (const auto& one : cases) {
    INFO(one.text);
    config::Diagnostics diagnostics;
    CHECK(read_downward_labels(one.text, "labels", diagnostics) == one.labels);
    CHECK(diagnostics.empty());
  }
}

TEST_CASE("what is no label is told with its line, and nothing is taken", "[kubernetes][pod]") {
  using Lines = std::vector<int>;
  CHECK(wrong_lines("app=web") == Lines{1});
  CHECK(wrong_lines("app=\"web") == Lines{1});
  CHECK(wrong_lines("app=\"") == Lines{1});
  CHECK(wrong_lines("=\"web\"") == Lines{1});
  CHECK(wrong_lines("app") == Lines{1});
  CHECK(wrong_lines("app=\"a\"\nnote=\"two\\nlines\"\nb=\"c\"") == Lines{2});
  CHECK(wrong_lines("app=\"a\"b\"") == Lines{1});
  CHECK(wrong_lines("app=\"a\"\r\n") == Lines{1});
  CHECK(wrong_lines("app=\"a\"\napp=\"b\"") == Lines{2});
  CHECK(wrong_lines(std::string_view("app=\"\0\"", 7)) == Lines{1});
  CHECK(wrong_lines("a b=\"c\"\nd=\"\xc3\xa9\"") == Lines{1, 2});
}

}  // namespace sluice::kubernetes
