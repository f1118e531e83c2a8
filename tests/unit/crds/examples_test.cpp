// SPDX-License-Identifier: Apache-2.0
// The manifests that people copy from must be right.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch_test_macros.hpp>

#include "crds/loader.hpp"

namespace sluice::crds {

TEST_CASE("every example loads without an error", "[crds][examples]") {
  std::vector<Source> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/crds/examples")) {
    std::ifstream stream(entry.path());
    files.push_back({entry.path().filename(), {std::istreambuf_iterator<char>(stream), {}}});
    INFO(files.back().path);
    const auto alone = Loader().load({files.back()});
    CHECK_FALSE(config::has_errors(alone.diagnostics));
    CHECK(alone.object_count == read_manifests(files.back()).manifests.size());
    CHECK(alone.object_count > 0);
  }
  CHECK(files.size() >= 5);
}

}  // namespace sluice::crds
