// SPDX-License-Identifier: Apache-2.0
// Files of lists: found below one directory and nowhere else, read in pieces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace sluice::proxy {

/// What changes when a file is written or replaced.
struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;     ///< octets
  std::int64_t modified = 0;  ///< nanoseconds since 1970
  bool operator==(const FileVersion&) const = default;
};

/// A path with all links followed, or what is wrong with it.
struct ListPath {
  std::filesystem::path path;
  std::string problem;  ///< empty when there is none
};

/// Refuses whatever is not a file below `directory`: absolute paths, `..`, links that lead out. The
/// links of a mounted volume lead to places inside and are followed.
ListPath find_list_file(const std::filesystem::path& directory, const std::string& path);

/// Nothing when there is no such file.
std::optional<FileVersion> version_of(const std::filesystem::path& path);

/// Takes a piece of a file; false: no more is wanted.
using TakePiece = std::function<bool(std::span<const std::uint8_t> piece)>;

/// Reads a regular file piece by piece. Empty, or what is wrong. Blocks.
std::string read_pieces(const std::filesystem::path& path, const TakePiece& take);

}  // namespace sluice::proxy
