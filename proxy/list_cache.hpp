// SPDX-License-Identifier: Apache-2.0
// The copy of a download on disk: what the server sent, with what it calls that version, in one
// file, so that the two can never be of different versions. It is replaced at once or not at all.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "proxy/list_file.hpp"

namespace sluice::proxy {

/// What a server calls a version of what it serves (RFC 9110 8.8).
struct HttpVersion {
  std::string etag;
  std::string last_modified;
};

/// Where the copy of `url` is, below `directory`.
std::filesystem::path list_cache_path(const std::filesystem::path& directory,
                                      const std::string& url);

/// Reads a copy, telling `take` the body. Nothing when there is none that is whole.
std::optional<HttpVersion> read_list_cache(const std::filesystem::path& path,
                                           const TakePiece& take);

/// A copy that is being written. What was not committed is gone with the object.
class ListCacheWriter {
 public:
  ListCacheWriter(std::filesystem::path path, const HttpVersion& version);
  ~ListCacheWriter();
  ListCacheWriter(const ListCacheWriter&) = delete;
  ListCacheWriter& operator=(const ListCacheWriter&) = delete;

  void write(std::span<const std::uint8_t> piece);
  /// Puts it in place of the copy before. Empty, or what went wrong.
  std::string commit();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string problem_;
};

}  // namespace sluice::proxy
