// SPDX-License-Identifier: Apache-2.0
#include "config/document.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "config/load.hpp"
#include "config/schema.hpp"

using namespace sluice::config;

namespace {

const std::string path = std::string(SLUICE_SOURCE_DIR) + "/docs/configuration.md";

std::string read(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void check_texts(const std::vector<KeyText>& keys) {
  for (const KeyText& key : keys) {
    CAPTURE(key.name);
    CHECK_FALSE(key.type.empty());
    CHECK_FALSE(key.expected.empty());
    CHECK(key.meaning.ends_with('.'));
    CHECK(key.meaning.find('|') == std::string::npos);
    CHECK(example_settings().find(key.name + ": ") + example_settings().find(key.name + ":\n") !=
          2 * std::string::npos);
    check_texts(key.children);
  }
}

}  // namespace

TEST_CASE("docs/configuration.md is what the schema says", "[config][document]") {
  if (std::getenv("SLUICE_UPDATE_DOCS") != nullptr) std::ofstream(path) << configuration_markdown();
  INFO("to write it anew: SLUICE_UPDATE_DOCS=1 config_tests '[document]'");
  CHECK(read(path) == configuration_markdown());
}

TEST_CASE("the complete example in the documentation loads", "[config][document]") {
  const std::string markdown = configuration_markdown();
  const std::string fence = "```yaml\n";
  const std::size_t start = markdown.find(fence) + fence.size();
  const std::string text = markdown.substr(start, markdown.find("```\n", start) - start);
  CHECK(text == example_settings());
  Diagnostics diagnostics;
  CHECK(load_settings(text, "sluice.yaml", diagnostics).has_value());
  for (const Diagnostic& diagnostic : diagnostics)
    FAIL_CHECK(to_text(diagnostic));
}

TEST_CASE("every key is documented and stands in the complete example", "[config][document]") {
  check_texts(texts_of(schema()));
}

TEST_CASE("defaults in the documentation are those of the settings", "[config][document]") {
  const std::string markdown = configuration_markdown();
  CHECK(markdown.find("| `maxBytes` | size | `64Mi` | 0 to 1Ti |") != std::string::npos);
  CHECK(markdown.find("| `drainTimeout` | duration | `5s` | 0s to 10m |") != std::string::npos);
  CHECK(markdown.find("| `unknownClient` | string | `Refuse` | Refuse, Baseline or Hold |") !=
        std::string::npos);
}
