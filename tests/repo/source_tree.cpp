// SPDX-License-Identifier: Apache-2.0
#include "tests/repo/source_tree.hpp"

#include <algorithm>
#include <fstream>

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

const fs::path root = SLUICE_SOURCE_DIR;

TreeFile read_file(const fs::path& path) {
  TreeFile file{fs::relative(path, root).generic_string(), {}};
  std::ifstream input(path);
  for (std::string line; std::getline(input, line);)
    file.lines.push_back(line);
  return file;
}

bool is_executable(const fs::path& path) {
  return (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

template <class Wanted>
void add_below(const fs::path& folder, std::vector<TreeFile>& files, Wanted wanted) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && wanted(entry.path())) files.push_back(read_file(entry.path()));
  }
}

std::vector<TreeFile> by_path(std::vector<TreeFile> files) {
  std::ranges::sort(files, {}, &TreeFile::path);
  return files;
}

std::vector<TreeFile> read_source_files() {
  std::vector<TreeFile> files;
  for (const auto& folder : source_folders()) {
    add_below(root / folder, files, [](const fs::path& path) {
      return path.extension() == ".cpp" || path.extension() == ".hpp";
    });
  }
  return by_path(std::move(files));
}

}  // namespace

const std::vector<std::string>& source_folders() {
  static const std::vector<std::string> folders{"dns",        "filters",  "lists",      "config",
                                                "tls",        "crds",     "kubernetes", "proxy",
                                                "recordings", "commands", "tests"};
  return folders;
}

const std::vector<TreeFile>& source_files() {
  static const std::vector<TreeFile> files = read_source_files();
  return files;
}

std::vector<TreeFile> document_files() {
  const auto is_document = [](const fs::path& path) { return path.extension() == ".md"; };
  std::vector<TreeFile> files;
  add_below(root / "docs", files, is_document);
  for (const auto& entry : fs::directory_iterator(root)) {
    if (is_document(entry.path())) files.push_back(read_file(entry.path()));
  }
  return by_path(std::move(files));
}

std::vector<TreeFile> script_files() {
  std::vector<TreeFile> files{read_file(root / "dev"), read_file(root / ".ci/run")};
  add_below(root / "tools", files, is_executable);
  add_below(root / "docker", files, is_executable);
  add_below(root / "tests", files, [](const fs::path& path) { return path.extension() == ".py"; });
  return by_path(std::move(files));
}

}  // namespace sluice::tests
