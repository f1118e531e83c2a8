// SPDX-License-Identifier: Apache-2.0
#include "tests/support/hex_file.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "tests/support/zone_text.hpp"

namespace sluice::tests {
namespace {

std::string take_remark(std::ifstream& file, std::string_view key,
                        const std::filesystem::path& path) {
  std::string line;
  std::getline(file, line);
  const std::string prefix = "# " + std::string(key) + ": ";
  if (!line.starts_with(prefix)) {
    throw std::invalid_argument(path.string() + ": a line '" + prefix + "...' is missing");
  }
  return line.substr(prefix.size());
}

}  // namespace

HexFile read_hex_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  HexFile result;
  result.name = path.stem().string();
  result.note = take_remark(file, "note", path);
  result.expect = take_remark(file, "expect", path);
  std::string digits;
  for (std::string line; std::getline(file, line);)
    digits += line.substr(0, line.find('#')) + ' ';
  result.octets = parse_hex(digits);
  return result;
}

std::vector<HexFile> read_hex_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".hex") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<HexFile> files;
  for (const auto& path : paths)
    files.push_back(read_hex_file(path));
  return files;
}

}  // namespace sluice::tests
