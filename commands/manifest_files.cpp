// SPDX-License-Identifier: Apache-2.0
#include "commands/manifest_files.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "commands/progress.hpp"
#include "proxy/policy_directory.hpp"

namespace sluice::commands {
namespace {

namespace fs = std::filesystem;

/// Everything below one directory; links to directories are not followed, they may form circles.
void add_below(const fs::path& directory, std::vector<fs::path>& found,
               config::Diagnostics& diagnostics) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::recursive_directory_iterator it(directory, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    std::error_code unreadable;  // reading it tells
    const bool is_directory = it->is_directory(unreadable);
    if (is_directory && it->path().filename().string().starts_with('.')) {
      it.disable_recursion_pending();
    }
    if (!is_directory && proxy::is_manifest(it->path())) paths.push_back(it->path());
  }
  if (error) {
    diagnostics.push_back({directory.string(), 0, "", "cannot be read: " + error.message()});
  }
  std::sort(paths.begin(), paths.end());
  found.insert(found.end(), paths.begin(), paths.end());
}

std::vector<fs::path> find_all(const std::vector<std::string>& paths,
                               config::Diagnostics& diagnostics) {
  std::vector<fs::path> found;
  for (const std::string& path : paths) {
    std::error_code missing;  // reading it tells
    if (path != "-" && fs::is_directory(path, missing)) {
      add_below(path, found, diagnostics);
    } else {
      found.emplace_back(path);
    }
  }
  return found;
}

}  // namespace

std::vector<crds::Source> read_manifest_paths(const std::vector<std::string>& paths,
                                              std::istream& standard_input,
                                              config::Diagnostics& diagnostics) {
  const auto found = find_all(paths, diagnostics);
  Progress progress("reading files", found.size());
  std::vector<crds::Source> files;
  std::set<fs::path> seen;
  for (const fs::path& path : found) {
    progress.advance();
    if (!seen.insert(path.lexically_normal()).second) continue;
    if (path == "-") {
      files.push_back(
          {standard_input_name, std::string(std::istreambuf_iterator<char>(standard_input), {})});
    } else if (auto text = proxy::read_manifest_file(path, diagnostics)) {
      files.push_back({path.string(), std::move(*text)});
    }
  }
  return files;
}

}  // namespace sluice::commands
