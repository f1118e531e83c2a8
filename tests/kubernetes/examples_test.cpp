// SPDX-License-Identifier: Apache-2.0
// What people copy from is what `kubectl apply` takes, as it is written.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "crds/manifest.hpp"
#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

const fs::path examples = fs::path(SLUICE_SOURCE_DIR) / "crds/examples";

std::vector<crds::ObjectKey> objects_of(const fs::path& file) {
  std::ifstream stream(file);
  const auto read = crds::read_manifests(
      {file.filename(),
       {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}});
  std::vector<crds::ObjectKey> keys;
  for (const auto& manifest : read.manifests)
    keys.push_back(manifest.key);
  return keys;
}

void make_namespaces(const ControlPlane& plane, const std::vector<crds::ObjectKey>& objects) {
  std::set<std::string> names;
  for (const crds::ObjectKey& key : objects)
    names.insert(key.namespace_name);
  names.erase("");
  for (const std::string& name : names)
    plane.ensure_namespace(name);
}

}  // namespace

TEST_CASE("every example is accepted by a strict dry run", "[kubernetes][crds]") {
  auto& plane = shared_control_plane();
  for (const auto& entry : fs::directory_iterator(examples)) {
    INFO(entry.path());
    make_namespaces(plane, objects_of(entry.path()));
    const auto answer = plane.kubectl({"apply", "--server-side", "--dry-run=server",
                                       "--validate=strict", "-f", entry.path().string()});
    INFO(answer.errors);
    CHECK(answer.exit_code == 0);
    CHECK(answer.errors.empty());
  }
}

TEST_CASE("the six tenants are applied as they are written", "[kubernetes][crds]") {
  auto& plane = shared_control_plane();
  const std::string file = (examples / "six-tenants.yaml").string();
  const auto objects = objects_of(file);
  make_namespaces(plane, objects);
  const auto applied =
      plane.kubectl({"apply", "--server-side", "--validate=strict", "-o", "name", "-f", file});
  INFO(applied.errors);
  CHECK(applied.exit_code == 0);
  CHECK(static_cast<std::size_t>(std::ranges::count(applied.output, '\n')) == objects.size());
  const auto again = plane.kubectl({"diff", "--server-side", "-f", file});
  INFO(again.output << again.errors);
  CHECK(again.exit_code == 0);
  CHECK(plane.kubectl({"delete", "--wait=false", "-f", file}).exit_code == 0);
}

}  // namespace sluice::tests
