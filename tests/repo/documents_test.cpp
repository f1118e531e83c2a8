// SPDX-License-Identifier: Apache-2.0
// What the documents show must work: every complete YAML example in them is loaded by the code that
// would load it for a reader who copies it.
#include <catch2/catch_test_macros.hpp>

#include "config/controller_settings.hpp"
#include "config/load.hpp"
#include "crds/loader.hpp"
#include "tests/repo/source_tree.hpp"

namespace sluice::tests {
namespace {

struct Example {
  std::string where;  ///< `docs/policies.md:12`
  std::string text;
};

std::vector<Example> yaml_blocks(const TreeFile& file) {
  std::vector<Example> blocks;
  bool inside = false;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back().text += line + '\n';
    } else if (line == "```yaml") {
      inside = true;
      blocks.push_back({file.path + ':' + std::to_string(i + 1), {}});
    }
  }
  return blocks;
}

constexpr const char* in_manifests = "apiVersion: sluice.dev/";
constexpr const char* in_settings = "listeners:";
constexpr const char* in_controller_settings = "lease:";

bool has_line(const Example& example, const std::string& start) {
  return ('\n' + example.text).find('\n' + start) != std::string::npos;
}

std::vector<Example> all_examples() {
  std::vector<Example> examples;
  for (const auto& file : document_files()) {
    for (auto& block : yaml_blocks(file))
      examples.push_back(std::move(block));
  }
  return examples;
}

std::vector<Example> examples_with(const std::string& start) {
  auto examples = all_examples();
  std::erase_if(examples, [&](const Example& example) { return !has_line(example, start); });
  return examples;
}

std::string to_text(const config::Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics)
    text += config::to_text(diagnostic) + '\n';
  return text;
}

}  // namespace

TEST_CASE("yaml blocks are cut out of a document", "[repo][documents]") {
  const TreeFile file{"a.md", {"# A", "```yaml", "a: 1", "```", "```sh", "ls", "```"}};
  const auto blocks = yaml_blocks(file);
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].where == "a.md:2");
  CHECK(blocks[0].text == "a: 1\n");
}

TEST_CASE("every yaml block of the documents is one of those loaded here", "[repo][documents]") {
  for (const auto& example : all_examples()) {
    INFO(example.where << ": write ```yml for what is neither manifests nor settings");
    CHECK((has_line(example, in_manifests) || has_line(example, in_settings) ||
           has_line(example, in_controller_settings)));
  }
}

TEST_CASE("every manifest in the documents loads", "[repo][documents]") {
  const auto examples = examples_with(in_manifests);
  CHECK(examples.size() > 15);
  for (const auto& example : examples) {
    const crds::Source file{example.where, example.text};
    const auto result = crds::Loader{}.load({file});
    INFO(to_text(result.diagnostics));
    CHECK_FALSE(config::has_errors(result.diagnostics));
    CHECK(result.object_count > 0);
  }
}

TEST_CASE("every sluice.yaml in the documents loads", "[repo][documents]") {
  const auto examples = examples_with(in_settings);
  CHECK_FALSE(examples.empty());
  for (const auto& example : examples) {
    config::Diagnostics diagnostics;
    const auto settings = config::load_settings(example.text, example.where, diagnostics);
    CHECK(to_text(diagnostics).empty());
    CHECK(settings.has_value());
  }
}

TEST_CASE("every controller.yaml in the documents loads", "[repo][documents]") {
  const auto examples = examples_with(in_controller_settings);
  CHECK_FALSE(examples.empty());
  for (const auto& example : examples) {
    config::Diagnostics diagnostics;
    const auto settings =
        config::load_controller_settings(example.text, example.where, diagnostics);
    CHECK(to_text(diagnostics).empty());
    CHECK(settings.has_value());
  }
}

}  // namespace sluice::tests
