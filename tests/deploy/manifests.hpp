// SPDX-License-Identifier: Apache-2.0
// What helm and kustomize make of deploy/, as YAML documents.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "tests/support/process.hpp"

namespace sluice::tests {

/// Of the repository.
inline const std::filesystem::path source_directory = SLUICE_SOURCE_DIR;
inline const std::filesystem::path chart_directory = source_directory / "deploy/helm/sluice";
inline const std::filesystem::path kustomize_directory = source_directory / "deploy/kustomize";

/// Throws std::runtime_error if there is no such file.
std::string read_text(const std::filesystem::path& file);
/// The files of one directory with that ending, sorted.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory,
                                            const std::string& ending);
/// `ci/*-values.yaml` of the chart: what people install, and everything that is off by default.
std::vector<std::filesystem::path> values_files();

/// Runs helm for a recent Kubernetes. Skips the test where there is no helm.
Outcome helm(std::vector<std::string> arguments);
/// `helm template sluice CHART --namespace sluice-system` and more; fails the test if it fails.
std::vector<YAML::Node> render_chart(std::vector<std::string> arguments);
/// Below deploy/kustomize. Skips the test where there is no kustomize, and fails it if it fails.
std::vector<YAML::Node> build_kustomization(const std::string& directory);

/// Those of the objects. std::erase_if would mix them up: assigning to a Node changes what it
/// refers to.
std::vector<YAML::Node> select(const std::vector<YAML::Node>& objects,
                               const std::function<bool(const YAML::Node&)>& is_wanted);

std::string kind_of(const YAML::Node& object);
/// A List as JSON, for kubectl. Unlike YAML written by yaml-cpp it keeps "true" apart from true.
std::string json_list(const std::vector<YAML::Node>& objects);

/// `kind/name` of an object, with the namespace before the name if it has one.
std::string title(const YAML::Node& object);

}  // namespace sluice::tests
