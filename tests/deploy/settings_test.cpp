// SPDX-License-Identifier: Apache-2.0
// A sluice.yaml in a rendered ConfigMap is one that Sluice loads.
#include <catch2/catch_test_macros.hpp>

#include "config/load.hpp"
#include "crds/loader.hpp"
#include "tests/deploy/manifests.hpp"

namespace sluice::tests {
namespace {

std::string to_text(const config::Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics)
    text += config::to_text(diagnostic) + '\n';
  return text;
}

std::size_t check_settings(const std::vector<YAML::Node>& objects) {
  std::size_t found = 0;
  for (const auto& object : objects) {
    if (object["kind"].as<std::string>() != "ConfigMap" || !object["data"]["sluice.yaml"]) continue;
    config::Diagnostics diagnostics;
    const auto text = object["data"]["sluice.yaml"].as<std::string>();
    const auto settings = config::load_settings(text, title(object), diagnostics);
    INFO(to_text(diagnostics) << text);
    CHECK(settings.has_value());
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("every sluice.yaml of the chart loads", "[deploy][settings]") {
  std::size_t found = 0;
  for (const auto& values : values_files()) {
    INFO(values);
    found += check_settings(render_chart({"--values", values}));
  }
  CHECK(found == values_files().size() - 1);  // the shape sidecar has none
}

TEST_CASE("every sluice.yaml of the kustomizations loads", "[deploy][settings]") {
  for (const std::string directory :
       {"overlays/service", "overlays/nodelocal", "samples/sidecar"}) {
    INFO(directory);
    CHECK(check_settings(build_kustomization(directory)) == 1);
  }
}

TEST_CASE("the sample policies load", "[deploy][settings]") {
  for (const std::string file :
       {"dnsfilter.yaml", "clusterdnsfilter.yaml", "sidecar/policies.yaml"}) {
    const crds::Source source{file, read_text(kustomize_directory / "samples" / file)};
    const auto result = crds::Loader{}.load({&source, 1});
    INFO(to_text(result.diagnostics));
    CHECK(result.diagnostics.empty());
    CHECK(result.object_count == 1);
  }
}

}  // namespace sluice::tests
