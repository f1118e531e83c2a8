// SPDX-License-Identifier: Apache-2.0
// The CRDs' own rules and their native twins must say the same: every right and every wrong object
// of the unit tests is shown to the code of an API server as well.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include "crds/manifest.hpp"
#include "crds/schemas.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

const fs::path home = SLUICE_CRD_VECTORS_HOME;
const fs::path source = SLUICE_SOURCE_DIR;

/// An object, what Sluice says of it, and what the server is expected to.
struct Vector {
  std::string name;
  std::string crd;
  std::string object;
  bool is_right = false;
  std::vector<std::string> answers;
};

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::optional<std::string> crd_of(const std::string& kind) {
  const auto crds = crds::embedded_crds();
  const auto found = std::ranges::find(crds, kind, &crds::EmbeddedCrd::kind);
  if (found == crds.end()) return std::nullopt;
  return std::string(found->text);
}

/// The documents of a file as texts: yaml-cpp would forget what stood in quotes.
std::vector<std::string> documents_of(const std::string& text) {
  std::vector<std::string> documents;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find("\n---\n", begin), text.size());
    documents.push_back(text.substr(begin, end - begin) + '\n');
    begin = end + 5;
  }
  return documents;
}

/// Nothing for what is no object of ours, or wrong in what is every object's and not the CRD's.
std::optional<Vector> vector_of(const std::string& name, const std::string& object) {
  const auto file = crds::read_manifests({"object.yaml", object});
  if (file.manifests.size() != 1) return std::nullopt;
  const auto crd = crd_of(file.manifests[0].key.kind);
  const bool is_about_metadata = std::ranges::any_of(
      file.diagnostics,
      [](const config::Diagnostic& problem) { return !problem.path.starts_with("spec"); });
  if (!crd || is_about_metadata) return std::nullopt;
  return Vector{name, *crd, object, !config::has_errors(file.diagnostics), {}};
}

/// Wrong objects; `server` marks those that a server accepts all the same.
std::vector<Vector> wrong_objects() {
  std::vector<Vector> vectors;
  for (const auto& entry : fs::directory_iterator(source / "tests/unit/crds/wrong")) {
    for (const YAML::Node& node : YAML::LoadFile(entry.path())) {
      auto vector = vector_of(node["name"].as<std::string>(), node["manifest"].as<std::string>());
      if (!vector) continue;
      if (node["server"]) vector->is_right = true;
      vectors.push_back(std::move(*vector));
    }
  }
  return vectors;
}

void add_documents(const std::string& name, const std::string& text, std::vector<Vector>& vectors) {
  for (const std::string& document : documents_of(text)) {
    if (auto vector = vector_of(name, document)) vectors.push_back(std::move(*vector));
  }
}

std::vector<Vector> right_objects() {
  std::vector<Vector> vectors;
  for (const auto& entry : fs::directory_iterator(source / "crds/examples")) {
    add_documents(entry.path().filename(), read(entry.path()), vectors);
  }
  for (const auto& entry : fs::directory_iterator(source / "tests/unit/crds/linked")) {
    for (const YAML::Node& node : YAML::LoadFile(entry.path())) {
      for (const YAML::Node& load : node["loads"]) {
        add_documents(node["name"].as<std::string>(), load["manifests"].as<std::string>(), vectors);
      }
    }
  }
  return vectors;
}

/// Asks the server's code about all vectors at once, because it takes a while to start.
void ask(std::vector<Vector>& vectors) {
  json::array requests;
  for (const Vector& vector : vectors) {
    requests.push_back({{"crd", vector.crd}, {"object", vector.object}});
  }
  const fs::path file = fs::temp_directory_path() / ("crd_vectors_" + std::to_string(getpid()));
  std::ofstream(file) << json::serialize(requests);
  Process server({.arguments = {home / "crd_vectors", file}});
  const auto exit_code = server.wait(60s);
  fs::remove(file);
  INFO(server.errors());
  REQUIRE(exit_code == 0);
  const json::array answers = json::parse(server.output()).as_array();
  REQUIRE(answers.size() == vectors.size());
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    vectors[i].answers = json::value_to<std::vector<std::string>>(answers[i]);
  }
}

void skip_without_server() {
  if (fs::exists(home / "crd_vectors")) return;
  const std::string reason = read(home / "reason");
  SKIP((reason.empty() ? "no code of an API server: run tools/build_crd_vectors" : reason));
}

}  // namespace

TEST_CASE("an API server accepts our CRDs", "[crd_vectors]") {
  skip_without_server();
  std::vector<Vector> vectors;
  for (const crds::EmbeddedCrd& crd : crds::embedded_crds()) {
    vectors.push_back({std::string(crd.kind), std::string(crd.text), "", true, {}});
  }
  ask(vectors);
  for (const Vector& vector : vectors) {
    INFO(vector.name);
    CHECK(vector.answers == std::vector<std::string>{});
  }
}

TEST_CASE("an API server and Sluice say the same of every object", "[crd_vectors]") {
  skip_without_server();
  std::vector<Vector> vectors = wrong_objects();
  CHECK(vectors.size() >= 200);
  const auto right = right_objects();
  CHECK(right.size() >= 100);
  vectors.insert(vectors.end(), right.begin(), right.end());
  ask(vectors);
  for (const Vector& vector : vectors) {
    INFO(vector.name << "\n" << vector.object);
    CAPTURE(vector.answers);
    CHECK(vector.answers.empty() == vector.is_right);
  }
}

}  // namespace sluice::tests
