// SPDX-License-Identifier: Apache-2.0
#include "config/document.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "config/controller_settings.hpp"
#include "config/load.hpp"
#include "config/schema.hpp"

using namespace sluice::config;

namespace {

/// A page, and the example in it.
struct Page {
  const char* file;
  std::string (*markdown)();
  const std::string& example;
  std::vector<KeyText> keys;
};

std::vector<Page> pages() {
  return {{"configuration.md", configuration_markdown, example_settings(), texts_of(schema())},
          {"controller.md", controller_markdown, example_controller_settings(),
           texts_of(controller_schema())}};
}

std::string read(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void check_texts(const std::vector<KeyText>& keys, const std::string& example) {
  for (const KeyText& key : keys) {
    CAPTURE(key.name);
    CHECK_FALSE(key.type.empty());
    CHECK_FALSE(key.expected.empty());
    CHECK(key.meaning.ends_with('.'));
    CHECK(key.meaning.find('|') == std::string::npos);
    CHECK(example.find(key.name + ": ") + example.find(key.name + ":\n") != 2 * std::string::npos);
    check_texts(key.children, example);
  }
}

}  // namespace

TEST_CASE("the pages about settings are what the schemas say", "[config][document]") {
  for (const Page& page : pages()) {
    const std::string path = std::string(SLUICE_SOURCE_DIR) + "/docs/" + page.file;
    if (std::getenv("SLUICE_UPDATE_DOCS") != nullptr) std::ofstream(path) << page.markdown();
    INFO(path << ", to write it anew: SLUICE_UPDATE_DOCS=1 config_tests '[document]'");
    CHECK(read(path) == page.markdown());
  }
}

TEST_CASE("the complete example in the documentation loads", "[config][document]") {
  for (const Page& page : pages())
    CHECK(page.markdown().find("```yaml\n" + page.example + "```\n") != std::string::npos);
  Diagnostics diagnostics;
  CHECK(load_settings(example_settings(), "sluice.yaml", diagnostics).has_value());
  CHECK(load_controller_settings(example_controller_settings(), "controller.yaml", diagnostics)
            .has_value());
  for (const Diagnostic& diagnostic : diagnostics)
    FAIL_CHECK(to_text(diagnostic));
}

TEST_CASE("every key is documented and stands in the complete example", "[config][document]") {
  for (const Page& page : pages())
    check_texts(page.keys, page.example);
}

TEST_CASE("defaults in the documentation are those of the settings", "[config][document]") {
  const std::string markdown = configuration_markdown();
  CHECK(markdown.find("| `maxBytes` | size | `64Mi` | 0 to 1Ti |") != std::string::npos);
  CHECK(markdown.find("| `drainTimeout` | duration | `5s` | 0s to 10m |") != std::string::npos);
  CHECK(markdown.find("| `unknownClient` | string | `Refuse` | Refuse, Baseline or Hold |") !=
        std::string::npos);
}
