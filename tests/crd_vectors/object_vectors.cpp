// SPDX-License-Identifier: Apache-2.0
#include "tests/crd_vectors/object_vectors.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include <yaml-cpp/yaml.h>

#include "crds/schemas.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

const fs::path source = SLUICE_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
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
std::optional<ObjectVector> vector_of(const std::string& name, const std::string& object) {
  const auto file = crds::read_manifests({"object.yaml", object});
  if (file.manifests.size() != 1) return std::nullopt;
  const crds::ObjectKey& key = file.manifests[0].key;
  const bool is_ours = std::ranges::find(crds::embedded_crds(), key.kind,
                                         &crds::EmbeddedCrd::kind) != crds::embedded_crds().end();
  const bool is_about_metadata = std::ranges::any_of(
      file.diagnostics,
      [](const config::Diagnostic& problem) { return !problem.path.starts_with("spec"); });
  if (!is_ours || is_about_metadata) return std::nullopt;
  return ObjectVector{name, key, object, !config::has_errors(file.diagnostics), file.diagnostics};
}

void add_documents(const std::string& name, const std::string& text,
                   std::vector<ObjectVector>& vectors) {
  for (const std::string& document : documents_of(text)) {
    if (auto vector = vector_of(name, document)) vectors.push_back(std::move(*vector));
  }
}

}  // namespace

std::vector<ObjectVector> wrong_objects() {
  std::vector<ObjectVector> vectors;
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

std::vector<ObjectVector> right_objects() {
  std::vector<ObjectVector> vectors;
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

}  // namespace sluice::tests
