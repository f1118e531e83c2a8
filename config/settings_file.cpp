// SPDX-License-Identifier: Apache-2.0
#include "config/settings_file.hpp"

#include <cerrno>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "config/yaml.hpp"

namespace sluice::config {
namespace {

/// 1 MiB: room for thousands of static identities, and what a ConfigMap can hold.
constexpr std::size_t max_file_octets = 1U << 20;

/// At most one octet more than max_file_octets, so that a file that is too long is seen to be.
std::optional<std::string> read_start(const std::filesystem::path& file, std::error_code& ec) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text(max_file_octets + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    ec = std::error_code(errno, std::generic_category());
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace

std::optional<std::string> read_settings_file(const std::filesystem::path& file,
                                              Diagnostics& diagnostics) {
  std::error_code ec;
  auto text = read_start(file, ec);
  if (!text) {
    diagnostics.push_back({file.string(), 0, "", "cannot be read: " + ec.message()});
    return std::nullopt;
  }
  if (text->size() <= max_file_octets) return text;
  diagnostics.push_back(
      {file.string(), 0, "", "is longer than " + std::to_string(max_file_octets) + " octets"});
  return std::nullopt;
}

std::optional<Node> read_document(const std::string& text, const std::string& file,
                                  Diagnostics& diagnostics) {
  const std::size_t problems_before = diagnostics.size();
  const std::vector<Node> documents = parse_yaml(text, file, diagnostics);
  if (diagnostics.size() > problems_before) return std::nullopt;
  if (documents.empty()) return Node::mapping();
  if (documents.size() == 1) return documents.front();
  diagnostics.push_back({file, documents[1].line(), "",
                         "a second document; settings are a single one, and policies stand in "
                         "the files of policies.directory"});
  return std::nullopt;
}

/// (std::stable_sort would do, but its libstdc++ implementation draws a warning from clang.)
void sort_by_line(Diagnostics& diagnostics, std::size_t from) {
  std::multimap<int, Diagnostic> by_line;
  for (std::size_t i = from; i < diagnostics.size(); ++i) {
    by_line.emplace(diagnostics[i].line, diagnostics[i]);
  }
  diagnostics.resize(from);
  for (auto& [line, diagnostic] : by_line)
    diagnostics.push_back(std::move(diagnostic));
}

void resolve_path(std::filesystem::path& path, const std::filesystem::path& directory) {
  // An absolute path on the right replaces the left side.
  if (!path.empty()) path = (directory / path).lexically_normal();
}

}  // namespace sluice::config
